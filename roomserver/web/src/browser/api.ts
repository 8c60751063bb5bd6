import { JoinRefused, type Ticket } from "roomserver-client";

/** An answer that says no (RFC 9457 problem). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Seconds, from Retry-After. */
    readonly retryAfter: number | undefined,
  ) {
    super(detail);
  }
}

export interface Me {
  id: string;
  name: string;
  role: "organizer" | "attendee";
}

export interface EventInfo {
  name: string;
  has_moderator_password?: boolean;
}

export interface SessionSummary {
  id: string;
  title: string;
  description?: string;
  share_policy: "anyone" | "invite_only" | "moderated";
  picture?: string | null;
  picture_alt?: string;
  location?: string;
  tags?: string[];
  has_moderator_password?: boolean;
  live?: { seats_taken: number; viewers: number } | null;
}

/** Milliseconds by which the server's clock is ahead of this device's. */
let clockOffset = 0;

/** The server's time in Unix seconds, as well as it is known: for countdowns that the server ends. */
export function serverNow(): number {
  return (Date.now() + clockOffset) / 1000;
}

function learnTime(response: Response): void {
  const date = Date.parse(response.headers.get("date") ?? "");
  // The header has whole seconds: half a second is the best guess, and small differences are noise.
  if (Number.isNaN(date)) return;
  const offset = date + 500 - Date.now();
  clockOffset = Math.abs(offset) > 1500 ? offset : 0;
}

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: { Accept: "application/json", ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    credentials: "same-origin",
    cache: "no-store",
  });
  learnTime(response);
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const retry = Number(response.headers.get("retry-after") ?? Number.NaN);
  throw new ApiProblem(response.status, problem.code ?? "", problem.detail ?? "", Number.isFinite(retry) ? retry : undefined);
}

async function json<T>(response: Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

/** Who is signed in on this device; undefined if nobody is. */
export async function whoAmI(): Promise<Me | undefined> {
  try {
    return await json<Me>(request("GET", "/api/me"));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return undefined;
    throw error;
  }
}

export async function readEvent(): Promise<EventInfo> {
  return json<EventInfo>(request("GET", "/api/event"));
}

export async function listSessions(): Promise<SessionSummary[]> {
  const all: SessionSummary[] = [];
  let next: string | null = null;
  do {
    const query: string = next === null ? "" : `?cursor=${encodeURIComponent(next)}`;
    const page: { items: SessionSummary[]; next: string | null } = await json(request("GET", `/api/sessions${query}`));
    all.push(...page.items);
    next = page.next;
  } while (next !== null);
  return all;
}

/** A ticket for the room. Throws JoinRefused where asking again is no use. */
export async function joinSession(session: string): Promise<Ticket> {
  try {
    return await json<Ticket>(request("POST", `/api/sessions/${encodeURIComponent(session)}/join`));
  } catch (error) {
    if (error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 429) {
      throw new JoinRefused(error.status, error.message);
    }
    throw error;
  }
}

/** Whether anybody can become a moderator of the session by password: its own, or the event's. */
export async function mayHaveModeratorPassword(session: string): Promise<boolean> {
  const [own, event] = await Promise.all([
    json<SessionSummary>(request("GET", `/api/sessions/${encodeURIComponent(session)}`)),
    readEvent(),
  ]);
  return own.has_moderator_password === true || event.has_moderator_password === true;
}

export async function signInToModerate(session: string, password: string): Promise<void> {
  await request("POST", `/api/sessions/${encodeURIComponent(session)}/moderate`, { password });
}

/** Trades the token of a sign-in link for this browser's session cookie. */
export async function signIn(token: string): Promise<Me> {
  return json<Me>(request("POST", "/api/signin", { token }));
}

export async function signOut(): Promise<void> {
  await request("POST", "/api/signout");
}
