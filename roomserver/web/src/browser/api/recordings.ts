import { type Page, http, segment } from "./http";
import { changeSession, readSession } from "./sessions";

export type RecordingState = "recording" | "paused" | "waiting" | "rendering" | "ready" | "failed";
export type Layout = "gallery" | "speaker";

/** One MP4 file, at most two hours. */
export interface Block {
  number: number;
  seconds: number;
  bytes: number;
  state: "waiting" | "rendering" | "ready" | "failed";
  progress: number;
  /** Where the file is; null before it is rendered. */
  file: string | null;
}

export interface Recording {
  id: string;
  session: string;
  title: string;
  state: RecordingState;
  progress: number;
  seconds: number;
  bytes: number;
  started_at: string;
  ended_at: string | null;
  layout: Layout;
  /** Participants left out of picture and sound. */
  without: string[];
  /** What was captured, from which the files can be made again. */
  captured: { bytes: number; deleted_at: string | null };
  error: string | null;
  blocks: Block[];
}

export interface RecordingWithPeople extends Recording {
  people: { participant: string; name: string }[];
}

/** The newest of a state ("": of any), at least `wanted` of them if there are so many. */
export async function listRecordings(wanted: number, state: RecordingState | "", signal?: AbortSignal): Promise<Page<Recording>> {
  const items: Recording[] = [];
  let next: string | null = null;
  do {
    const limit = Math.min(200, wanted - items.length);
    const page: Page<Recording> = await http.get("/api/recordings", { query: { cursor: next, limit, state }, signal });
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < wanted);
  return { items, next };
}

export async function readRecording(id: string, signal?: AbortSignal): Promise<RecordingWithPeople> {
  return http.get<RecordingWithPeople>(`/api/recordings/${segment(id)}`, { signal });
}

/** Renders what has been captured until now, in this layout and without these people. */
export async function renderRecording(id: string, layout: Layout, without: readonly string[]): Promise<RecordingWithPeople> {
  return http.post<RecordingWithPeople>(`/api/recordings/${segment(id)}/render`, { layout, without });
}

/** Ends what a session records, by switching recording off in it. */
export async function endRecording({ session }: Recording): Promise<void> {
  const { etag } = await readSession(session);
  await changeSession(session, { record: false }, etag, false);
}

export async function deleteRecording(id: string): Promise<void> {
  await http.delete(`/api/recordings/${segment(id)}`);
}

/** Deletes what was captured and keeps the files: it can't be rendered again. */
export async function deleteTracks(id: string): Promise<void> {
  await http.delete(`/api/recordings/${segment(id)}/tracks`);
}
