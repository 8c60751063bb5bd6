import { ApiProblem, http, segment } from "./http";

export interface EvaluationQuestion {
  id: string;
  kind: "rating" | "choice" | "text";
  title: string;
  required: boolean;
  choices: string[];
}

/** By question; one that is not answered is left out. */
export type EvaluationAnswers = Record<string, number | string>;

/** A session's evaluation, as somebody who may answer it sees it. */
export interface MyEvaluation {
  open: boolean;
  questions: EvaluationQuestion[] | null;
  mine: { answers: EvaluationAnswers } | null;
}

/** The highest rating. */
export const STARS = 5;
/** Characters of an answer in words. */
export const ANSWER_MOST = 2_000;

/** Null for a session that has none. */
export async function readMyEvaluation(session: string, signal?: AbortSignal): Promise<MyEvaluation | null> {
  return (await http.get<MyEvaluation | undefined>(`/api/sessions/${segment(session)}/evaluation`, { query: { if_any: true }, signal })) ?? null;
}

/** Once, for good. Whoever answered in another window meanwhile has answered. */
export async function sendAnswers(session: string, answers: EvaluationAnswers): Promise<void> {
  try {
    await http.post(`/api/sessions/${segment(session)}/evaluation/answers`, { answers });
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === "already_answered")) throw error;
  }
}
