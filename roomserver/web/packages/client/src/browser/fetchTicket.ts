import { JoinRefused, type Ticket } from "../index.js";

/** Client errors that pass by themselves. */
const PASSING = new Set([408, 425, 429]);

/**
 * Posts to an address that answers with a ticket: one of your own backend, or `/api/sessions/{id}/join` itself.
 * For `join` of a room's options: throws `JoinRefused` where asking again is no use (other 4xx), with the answer's
 * `detail` as its message, and an Error or what `fetch` throws otherwise.
 */
export async function fetchTicket(url: string, init: RequestInit = {}): Promise<Ticket> {
  const response = await fetch(url, { method: "POST", cache: "no-store", ...init });
  if (response.ok) return (await response.json()) as Ticket;
  const problem = (await response.json().catch(() => undefined)) as { detail?: unknown } | null | undefined;
  const message = typeof problem?.detail === "string" ? problem.detail : `${url} answered ${response.status}.`;
  if (response.status >= 400 && response.status < 500 && !PASSING.has(response.status)) {
    throw new JoinRefused(response.status, message);
  }
  throw new Error(message);
}
