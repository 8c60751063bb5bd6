import { ApiProblem, type Fault, type Versioned } from "../../../browser/api/http";
import { createNamed } from "../../../browser/api/named";
import {
  type PeopleOf,
  type Session,
  type SessionChanges,
  changeSession,
  createSession,
  putPeople,
  putPicture,
  readPeople,
  readPicture,
  readSession,
  removePicture,
} from "../../../browser/api/sessions";
import { sayProblem } from "../../../browser/sayProblem";

/** A session as the form edits it: with its people, and what is only ever written. */
export interface Draft extends Session {
  /** Ids of registrants. */
  invitations: string[];
  moderators: string[];
  /** A new password, or null to take it away. */
  moderator_password?: string | null | undefined;
  /** A new picture, or null to take it away. */
  new_picture?: Blob | null | undefined;
}

export const NEW_DRAFT: Draft = {
  id: "",
  title: "",
  description: "",
  additional_info: "",
  tags: [],
  display_size: "large",
  rank: 0,
  picture: null,
  picture_alt: "",
  location: "",
  presenters: [],
  kind: "session",
  watch_policy: "anyone",
  ticket_types: [],
  hidden: false,
  share_policy: "anyone",
  max_on_screen: 50,
  overflow: "keep",
  availability: "always_open",
  starts_at: null,
  ends_at: null,
  youtube: false,
  record: false,
  has_moderator_password: false,
  live: null,
  invitations: [],
  moderators: [],
};

/** What is no field of the session itself, or is only ever read. */
const APART = ["id", "picture", "has_moderator_password", "live", "invitations", "moderators"];
const FIELDS = new Set([...Object.keys(NEW_DRAFT).filter((name) => !APART.includes(name)), "moderator_password"]);

/** Versions of the parts, which the server counts one by one. */
interface Etags {
  session: string;
  invitations: string;
  moderators: string;
}

export async function readDraft(id: string, signal?: AbortSignal): Promise<Versioned<Draft>> {
  const [session, invitations, moderators] = await Promise.all([
    readSession(id, signal),
    readPeople(id, "invitations", signal),
    readPeople(id, "moderators", signal),
  ]);
  const etags: Etags = { session: session.etag, invitations: invitations.etag, moderators: moderators.etag };
  return { value: { ...session.value, invitations: invitations.value, moderators: moderators.value }, etag: JSON.stringify(etags) };
}

/** A copy that is not there yet. Its password nobody knows; its picture is the other's until it is made. */
export async function copyDraft(id: string, title: (of: string) => string, signal?: AbortSignal): Promise<Draft> {
  const { value } = await readDraft(id, signal);
  return {
    ...value,
    id: "",
    title: Array.from(title(value.title)).slice(0, 60).join(""),
    has_moderator_password: false,
    live: null,
  };
}

/** Presenters who are not there yet, among the ids of those who are. */
const NEW_PRESENTER = "new:";

export function newPresenter(name: string): string {
  return NEW_PRESENTER + name;
}

export function nameOfNew(id: string): string | undefined {
  return id.startsWith(NEW_PRESENTER) ? id.slice(NEW_PRESENTER.length) : undefined;
}

/** Saves what the form holds, part by part; one for each visit of the form. */
export class DraftSaver {
  /** Presenters that were created, by their names: a second try doesn't create them again. */
  private readonly created = new Map<string, string>();
  /** The session that was made. */
  made: string | undefined;

  /** `id` is undefined for a session that is to be made. */
  constructor(private readonly id: string | undefined) {}

  /** Throws ApiProblem with the form's names of fields, and with the form's version of everything (412). */
  async change(changes: Partial<Draft>, etag: string, unlink: boolean): Promise<Versioned<Draft>> {
    const id = this.id ?? "";
    try {
      await this.write(id, changes, JSON.parse(etag) as Etags, unlink);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
      const { value: current, etag: current_etag } = await readDraft(id);
      throw new ApiProblem(412, error.code, error.message, undefined, { ...error.document, current, current_etag });
    }
    return readDraft(id);
  }

  /** Goes on with the session that was made, where making it went well but not all of the rest. */
  async create(draft: Draft): Promise<Versioned<Draft>> {
    const { invitations, moderators, picture, new_picture } = draft;
    const copied = new_picture === undefined && picture !== null ? await readPicture(picture) : undefined;
    const people = { invitations, moderators, new_picture: new_picture ?? copied };
    if (this.made === undefined) {
      this.made = (await createSession(await this.fields(draft))).value.id;
      await this.write(this.made, people, undefined, false);
    } else {
      const { etag } = await readDraft(this.made);
      await this.write(this.made, { ...draft, ...people }, JSON.parse(etag) as Etags, true);
    }
    return readDraft(this.made);
  }

  private async write(id: string, changes: Partial<Draft>, etags: Etags | undefined, unlink: boolean): Promise<void> {
    const { invitations, moderators, new_picture } = changes;
    // Who is invited comes first, and who moderates last: a moderator must be able to watch.
    if (invitations !== undefined) await this.people(id, "invitations", invitations, etags);
    const fields = await this.fields(changes);
    if (etags !== undefined && Object.keys(fields).length > 0) await changeSession(id, fields, etags.session, unlink);
    if (moderators !== undefined) await this.people(id, "moderators", moderators, etags);
    if (new_picture === null) await removePicture(id);
    else if (new_picture !== undefined) await about("new_picture", putPicture(id, new_picture));
  }

  private async people(id: string, which: PeopleOf, people: string[], etags: Etags | undefined): Promise<void> {
    if (etags === undefined && people.length === 0) return;
    await about(which, putPeople(id, which, people, etags?.[which]));
  }

  private async fields(changes: Partial<Draft>): Promise<SessionChanges> {
    const fields = Object.fromEntries(Object.entries(changes).filter(([name]) => FIELDS.has(name))) as SessionChanges;
    if (fields.presenters !== undefined) fields.presenters = await this.known(fields.presenters);
    return fields;
  }

  private async known(presenters: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const each of presenters) {
      const name = nameOfNew(each);
      if (name !== undefined && !this.created.has(name)) {
        this.created.set(name, (await about("presenters", createNamed("presenters", name))).id);
      }
      ids.push((name === undefined ? undefined : this.created.get(name)) ?? each);
    }
    return ids;
  }
}

/** Says a refusal as one about this field of the form. */
async function about<T>(field: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status < 400 || error.status >= 500 || error.status === 412) throw error;
    const errors: Fault[] = [{ ...(error.errors[0] ?? { message: sayProblem(error), code: "" }), field }];
    throw new ApiProblem(error.status, "invalid", error.message, error.retryAfter, { ...error.document, errors });
  }
}
