import { describe, expect, it } from "vitest";
import type { EvaluationQuestion } from "../../src/browser/api/myEvaluation";
import { answersToSend, faultsOf } from "../../src/session/evaluation/answers";

const questions: EvaluationQuestion[] = [
  { id: "q1", kind: "rating", title: "How was it?", required: true, choices: [] },
  { id: "q2", kind: "text", title: "Anything else?", required: false, choices: [] },
];

describe("an evaluation's answers", () => {
  it("are complete once what is required is answered", () => {
    expect(faultsOf(questions, {})).toEqual({ missing: ["q1"], tooLong: [] });
    expect(faultsOf(questions, { q1: 4 })).toEqual({ missing: [], tooLong: [] });
  });

  it("may have as many characters as the server takes, counted as it counts", () => {
    expect(faultsOf(questions, { q1: 1, q2: "🎉".repeat(2_000) }).tooLong).toEqual([]);
    expect(faultsOf(questions, { q1: 1, q2: "x".repeat(2_001) }).tooLong).toEqual(["q2"]);
  });

  it("that are blank are not sent", () => {
    expect(answersToSend({ q1: 4, q2: "  " })).toEqual({ q1: 4 });
  });
});
