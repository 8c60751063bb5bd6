import { ANSWER_MOST, type EvaluationAnswers, type EvaluationQuestion } from "../../browser/api/myEvaluation";
import { charactersOf } from "../../components/Field";

export function isAnswered(answer: number | string | undefined): boolean {
  return typeof answer === "number" || (answer !== undefined && answer.trim() !== "");
}

/** Ids of questions that have to be answered before this can be sent, or whose text is too long. */
export function faultsOf(questions: readonly EvaluationQuestion[], answers: EvaluationAnswers): { missing: string[]; tooLong: string[] } {
  const missing = questions.filter(({ id, required }) => required && !isAnswered(answers[id])).map(({ id }) => id);
  const tooLong = questions.filter(({ id }) => charactersOf(String(answers[id] ?? "")) > ANSWER_MOST).map(({ id }) => id);
  return { missing, tooLong };
}

/** What goes out: blank texts count as not answered. */
export function answersToSend(answers: EvaluationAnswers): EvaluationAnswers {
  return Object.fromEntries(Object.entries(answers).filter(([, answer]) => isAnswered(answer)));
}
