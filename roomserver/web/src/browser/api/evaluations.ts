import { type Page, type Versioned, address, http, segment } from "./http";
import type { EvaluationQuestion } from "./myEvaluation";

/** A session that has an evaluation. */
export interface EvaluationItem {
  session: string;
  title: string;
  questions: number;
  open: boolean;
  /** When it opens or opened; null while only a hand can open it. */
  opens_at: string | null;
  answered: number;
}

/** What organizers write. */
export interface EvaluationForm {
  questions: EvaluationQuestion[];
}

/** People by rating or choice; `texts` are the newest. */
export interface QuestionResult {
  id: string;
  kind: EvaluationQuestion["kind"];
  title: string;
  answered: number;
  average: number | null;
  counts: Record<string, number>;
  texts: string[];
}

export interface EvaluationResults {
  answered: number;
  questions: QuestionResult[];
}

function path(session: string): string {
  return `/api/sessions/${segment(session)}/evaluation`;
}

export async function listEvaluations(cursor: string | null, signal?: AbortSignal): Promise<Page<EvaluationItem>> {
  return http.get<Page<EvaluationItem>>("/api/evaluations", { query: { cursor }, signal });
}

/** What is known of the session's evaluation; undefined if it has none. */
export async function findEvaluation(session: string, signal?: AbortSignal): Promise<EvaluationItem | undefined> {
  const all = await http.all<EvaluationItem>("/api/evaluations", { signal });
  return all.find((each) => each.session === session);
}

export async function readForm(session: string, signal?: AbortSignal): Promise<Versioned<EvaluationForm>> {
  const { value, etag } = await http.read<EvaluationForm>(path(session), { signal });
  return { value: { questions: value.questions }, etag };
}

/** An empty `etag` writes the first form. */
export async function writeForm(session: string, questions: EvaluationQuestion[], etag: string): Promise<Versioned<EvaluationForm>> {
  const saved = await http.put<EvaluationForm>(path(session), { questions }, { etag: etag === "" ? undefined : etag });
  return { value: { questions: saved.value.questions }, etag: saved.etag };
}

/** It never closes again. */
export async function unlockEvaluation(session: string): Promise<void> {
  await http.post(`${path(session)}/unlock`);
}

export async function readResults(session: string, signal?: AbortSignal): Promise<EvaluationResults> {
  return http.get<EvaluationResults>(`${path(session)}/results`, { signal });
}

/** Where everybody's answers are as a file. */
export function resultsFile(session: string): string {
  return `${path(session)}/results.csv`;
}

/** Refused by `has_answers` if people answered, unless their answers may go too. */
export async function deleteEvaluation(session: string, withAnswers: boolean): Promise<void> {
  await http.delete(address(path(session), { answers: withAnswers }));
}
