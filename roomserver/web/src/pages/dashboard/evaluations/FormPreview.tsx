import { useState } from "react";
import type { EvaluationQuestion } from "../../../browser/api/myEvaluation";
import { Card } from "../../../components/Card";
import { d } from "../../../messages/dashboard";
import { Question } from "../../../session/evaluation/Question";
import styles from "./Evaluations.module.css";

/** The form as attendees see it, to be tried out. */
export function FormPreview({ questions }: { questions: readonly EvaluationQuestion[] }) {
  const [answers, setAnswers] = useState<Record<string, number | string | undefined>>({});
  return (
    <>
      <p className={styles["soft"]}>{d.evaluations.previewHint}</p>
      <Card testId="evaluation-preview">
        {questions.map((question, at) => (
          <Question
            key={question.id}
            question={{ ...question, title: question.title || d.evaluations.question(at + 1, questions.length), choices: question.choices.filter((choice) => choice !== "") }}
            answer={answers[question.id]}
            onAnswer={(answer) => setAnswers((known) => ({ ...known, [question.id]: answer }))}
            error={undefined}
          />
        ))}
      </Card>
    </>
  );
}
