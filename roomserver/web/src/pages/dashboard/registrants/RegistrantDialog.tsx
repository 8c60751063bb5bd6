import { useCallback, useMemo, useRef } from "react";
import { Link } from "wouter";
import type { Versioned } from "../../../browser/api/http";
import { NAME_MOST, type Named } from "../../../browser/api/named";
import { type Registrant, changeRegistrant, createRegistrant, readRegistrantVersion } from "../../../browser/api/registrants";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { charactersOf } from "../../../components/Field";
import { Loaded } from "../../../components/Loaded";
import { useTell } from "../../../components/Notices";
import { Problem } from "../../../components/Problem";
import { Select } from "../../../components/Select";
import { TextInput } from "../../../components/TextInput";
import { TokenInput } from "../../../components/TokenInput";
import { useResource } from "../../../components/useResource";
import { type Option, suggestFrom } from "../../../components/useSuggestions";
import { ConflictDialog } from "../../../dashboard/ConflictDialog";
import { missing } from "../../../dashboard/missing";
import { type Editing, useEditing } from "../../../dashboard/useEditing";
import { useFocusWrong } from "../../../dashboard/useFocusWrong";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import { list } from "../../../messages/formats";
import styles from "./Registrants.module.css";

const EMAIL_MOST = 254;
const TAG_MOST = 40;
const TAGS_MOST = 20;

const NOBODY: Versioned<Registrant> = { value: { id: "", name: "", email: null, ticket_type: null, tags: [] }, etag: "" };

interface SharedProps {
  tickets: readonly Named[];
  /** To be suggested. */
  tags: readonly string[];
  onChanged: () => void;
  onClose: () => void;
}

export function AddRegistrant(props: SharedProps & { onLink: (who: Registrant) => void }) {
  return <RegistrantForm start={NOBODY} send={createRegistrant} title={d.registrants.addTitle} saved={d.registrants.added} {...props} />;
}

export function EditRegistrant({ id, ...props }: SharedProps & { id: string }) {
  const read = useResource(useCallback((signal: AbortSignal) => readRegistrantVersion(id, signal), [id]));
  const send = (changes: Partial<Registrant>, etag: string): Promise<Versioned<Registrant>> => changeRegistrant(id, changes, etag);
  if (read.data !== undefined) {
    return <RegistrantForm start={read.data} send={send} title={d.registrants.editTitle} saved={d.registrants.saved} {...props} />;
  }
  return (
    <Dialog title={d.registrants.editTitle} onClose={props.onClose}>
      <Loaded resource={read}>{() => null}</Loaded>
    </Dialog>
  );
}

interface FormProps extends SharedProps {
  start: Versioned<Registrant>;
  send: (changes: Partial<Registrant>, etag: string) => Promise<Versioned<Registrant>>;
  title: string;
  saved: (name: string) => string;
  /** What comes next for somebody who is new: a link to come in by. */
  onLink?: (who: Registrant) => void;
}

function RegistrantForm({ start, send, title, saved, onLink, tickets, tags, onChanged, onClose }: FormProps) {
  const made = useRef<Registrant>(undefined);
  const sendAndKeep = async (changes: Partial<Registrant>, etag: string): Promise<Versioned<Registrant>> => {
    const answer = await send(changes, etag);
    made.current = answer.value;
    return answer;
  };
  const editing = useEditing(start, sendAndKeep, (values) => missing(values, "name"));
  const form = useFocusWrong(editing.refusals);
  const tell = useTell();
  const save = async (): Promise<void> => {
    if (!(await editing.save())) return;
    const who = made.current;
    tell(saved(editing.values.name.trim()), "info", onLink !== undefined && who !== undefined ? { label: d.registrants.link, onSelect: () => onLink(who) } : undefined);
    onChanged();
    onClose();
  };
  return (
    <>
      <Dialog
        title={title}
        onClose={onClose}
        testId="registrant-dialog"
        actions={
          <>
            <Button onClick={onClose}>{t.general.cancel}</Button>
            <Button type="submit" form="registrant" look="primary" busy={editing.busy} data-testid="save-registrant">
              {t.general.save}
            </Button>
          </>
        }
      >
        <form
          ref={form}
          id="registrant"
          className={styles["form"]}
          noValidate
          onSubmit={(submit) => {
            submit.preventDefault();
            if (!editing.busy) void save();
          }}
        >
          <Fields editing={editing} tickets={tickets} tags={tags} />
        </form>
        {editing.problem !== undefined && <Problem>{editing.problem}</Problem>}
      </Dialog>
      <ConflictDialog editing={editing} labelOf={labelOf} show={(field, registrant) => show(field, registrant, tickets)} />
    </>
  );
}

interface FieldsProps {
  editing: Editing<Registrant>;
  tickets: readonly Named[];
  tags: readonly string[];
}

function Fields({ editing: { values, set, errors }, tickets, tags }: FieldsProps) {
  const suggestTags = useMemo(() => suggestFrom(tags.map(asOption)), [tags]);
  const over = values.tags.length - TAGS_MOST;
  return (
    <>
      <TextInput label={d.registrants.name} value={values.name} onChange={(name) => set({ name })} most={NAME_MOST} required error={errors["name"]} first testId="registrant-name" />
      <TextInput
        label={d.registrants.email}
        type="email"
        value={values.email ?? ""}
        onChange={(email) => set({ email: email === "" ? null : email })}
        most={EMAIL_MOST}
        error={errors["email"]}
        testId="registrant-email"
      />
      <Select
        label={d.registrants.ticket}
        hint={tickets.length === 0 ? <Link href="/dashboard/tickets">{d.registrants.noTicketTypes}</Link> : undefined}
        value={values.ticket_type ?? ""}
        onChange={(ticket) => set({ ticket_type: ticket === "" ? null : ticket })}
        options={[{ value: "", label: d.registrants.noTicket }, ...tickets.map(({ id, name }) => ({ value: id, label: name }))]}
        error={errors["ticket_type"]}
        testId="registrant-ticket"
      />
      <TokenInput
        label={d.registrants.tags}
        hint={d.registrants.tagsHint(TAGS_MOST, TAG_MOST)}
        value={values.tags.map(asOption)}
        onChange={(chosen) => set({ tags: chosen.map(({ id }) => id) })}
        suggest={suggestTags}
        create={(text) => (charactersOf(text) <= TAG_MOST ? asOption(text) : undefined)}
        error={over > 0 ? d.registrants.tooManyTags(over) : errors["tags"]}
        testId="registrant-tags"
      />
    </>
  );
}

function asOption(tag: string): Option {
  return { id: tag, label: tag };
}

function labelOf(field: keyof Registrant): string {
  return { id: "", name: d.registrants.name, email: d.registrants.email, ticket_type: d.registrants.ticket, tags: d.registrants.tags }[field];
}

function show(field: keyof Registrant, registrant: Registrant, tickets: readonly Named[]): string {
  if (field === "tags") return list(registrant.tags);
  if (field === "ticket_type") return tickets.find(({ id }) => id === registrant.ticket_type)?.name ?? d.registrants.noTicket;
  return registrant[field] ?? "–";
}
