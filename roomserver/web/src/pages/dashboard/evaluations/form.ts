import type { EvaluationQuestion } from "../../../browser/api/myEvaluation";
import { charactersOf } from "../../../components/Field";

export const QUESTIONS_MOST = 20;
export const CHOICES_LEAST = 2;
export const CHOICES_MOST = 12;
export const TITLE_MOST = 200;
export const CHOICE_MOST = 100;

/** A question of its own id, which answers are kept by. */
export function newQuestion(): EvaluationQuestion {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const id = `que_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  return { id, kind: "rating", title: "", required: false, choices: [] };
}

/** Only a choice has choices; it begins with as many as it needs. */
export function withKind(question: EvaluationQuestion, kind: EvaluationQuestion["kind"]): EvaluationQuestion {
  return { ...question, kind, choices: kind === "choice" ? Array.from({ length: CHOICES_LEAST }, () => "") : [] };
}

/** The list with the item at `from` at place `to`. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const next = [...items];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** Whether an earlier choice says the same. */
export function isTwice(choices: readonly string[], at: number): boolean {
  const text = choices[at]?.trim() ?? "";
  return text !== "" && choices.slice(0, at).some((each) => each.trim() === text);
}

function fits(text: string, most: number): boolean {
  return !isBlank(text) && charactersOf(text.trim()) <= most;
}

/** Whether the server takes these questions. */
export function isComplete(questions: readonly EvaluationQuestion[]): boolean {
  return (
    questions.length > 0 &&
    questions.every(({ title, choices }) => fits(title, TITLE_MOST) && choices.every((choice, at) => fits(choice, CHOICE_MOST) && !isTwice(choices, at)))
  );
}
