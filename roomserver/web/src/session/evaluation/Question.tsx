import { Star } from "lucide-react";
import { useId } from "react";
import { ANSWER_MOST, type EvaluationQuestion, STARS } from "../../browser/api/myEvaluation";
import { Select } from "../../components/Select";
import { TextArea } from "../../components/TextInput";
import { t } from "../../messages";
import styles from "./Evaluation.module.css";

interface QuestionProps {
  question: EvaluationQuestion;
  answer: number | string | undefined;
  onAnswer: (answer: number | string | undefined) => void;
  error: string | undefined;
}

export function Question({ question, answer, onAnswer, error }: QuestionProps) {
  const field = { label: question.title, required: question.required, error, testId: `question-${question.id}` };
  switch (question.kind) {
    case "rating":
      return <Rating {...field} stars={typeof answer === "number" ? answer : 0} onChange={onAnswer} />;
    case "choice":
      return (
        <Select
          {...field}
          value={String(answer ?? "")}
          options={[{ value: "", label: t.evaluation.choose }, ...question.choices.map((choice) => ({ value: choice, label: choice }))]}
          onChange={(choice) => onAnswer(choice === "" ? undefined : choice)}
        />
      );
    case "text":
      return <TextArea {...field} value={String(answer ?? "")} most={ANSWER_MOST} onChange={onAnswer} />;
  }
}

interface RatingProps {
  label: string;
  required: boolean;
  error: string | undefined;
  testId: string;
  /** 0: none yet. */
  stars: number;
  onChange: (stars: number) => void;
}

/** Stars are radio buttons: arrow keys choose. */
function Rating({ label, required, error, testId, stars, onChange }: RatingProps) {
  const id = useId();
  return (
    <fieldset className={styles["rating"]} data-testid={testId} aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend>
        <bdi>{label}</bdi> {required && <span className={styles["soft"]}>({t.widgets.required})</span>}
      </legend>
      <div className={styles["stars"]}>
        <span className={styles["soft"]}>{t.evaluation.worst}</span>
        {Array.from({ length: STARS }, (_, index) => index + 1).map((star) => (
          <label key={star} data-on={star <= stars}>
            <input
              type="radio"
              className="visually-hidden"
              name={id}
              checked={star === stars}
              aria-label={t.evaluation.rating(star, STARS)}
              onChange={() => onChange(star)}
            />
            <Star size={28} fill={star <= stars ? "currentColor" : "none"} aria-hidden />
          </label>
        ))}
        <span className={styles["soft"]}>{t.evaluation.best}</span>
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} className={styles["error"]}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
