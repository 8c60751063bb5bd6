import { ArrowDown, ArrowUp, Plus, Trash2, X } from "lucide-react";
import type { EvaluationQuestion } from "../../../browser/api/myEvaluation";
import { Button, IconButton } from "../../../components/Button";
import { Switch } from "../../../components/Checkbox";
import { RadioCards } from "../../../components/RadioCards";
import { TextInput } from "../../../components/TextInput";
import { d } from "../../../messages/dashboard";
import styles from "./Evaluations.module.css";
import { CHOICES_LEAST, CHOICES_MOST, CHOICE_MOST, TITLE_MOST, isBlank, isTwice, withKind } from "./form";

/** Of a question's heading, which takes the focus when it moves. */
export function headingId(question: string): string {
  return `question-${question}`;
}

interface QuestionCardProps {
  question: EvaluationQuestion;
  at: number;
  of: number;
  /** Mark what is missing. */
  marked: boolean;
  onChange: (question: EvaluationQuestion) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

export function QuestionCard({ question, at, of, marked, onChange, onMove, onRemove }: QuestionCardProps) {
  const change = (changes: Partial<EvaluationQuestion>): void => onChange({ ...question, ...changes });
  const heading = headingId(question.id);
  return (
    <section className={styles["question"]} aria-labelledby={heading} data-testid="question">
      <div className={styles["head"]}>
        <h2 id={heading} tabIndex={-1}>
          {d.evaluations.question(at + 1, of)}
        </h2>
        <span className={styles["actions"]}>
          <IconButton label={d.evaluations.up(at + 1)} icon={<ArrowUp size={18} aria-hidden />} disabled={at === 0} onClick={() => onMove(at - 1)} data-testid="move-up" />
          <IconButton label={d.evaluations.down(at + 1)} icon={<ArrowDown size={18} aria-hidden />} disabled={at === of - 1} onClick={() => onMove(at + 1)} data-testid="move-down" />
          <IconButton label={d.evaluations.removeQuestion(at + 1)} icon={<Trash2 size={18} aria-hidden />} disabled={of === 1} onClick={onRemove} data-testid="remove-question" />
        </span>
      </div>
      <TextInput
        label={d.evaluations.text}
        value={question.title}
        onChange={(title) => change({ title })}
        most={TITLE_MOST}
        required
        error={marked && isBlank(question.title) ? d.evaluations.wanted : undefined}
        testId="question-title"
      />
      <RadioCards
        label={d.evaluations.kind}
        value={question.kind}
        onChange={(kind) => onChange(withKind(question, kind))}
        choices={(["rating", "choice", "text"] as const).map((value) => ({ value, label: d.evaluations.kinds[value], hint: d.evaluations.kindHints[value] }))}
        testId="question-kind"
      />
      {question.kind === "choice" && <Choices choices={question.choices} marked={marked} onChange={(choices) => change({ choices })} />}
      <Switch label={d.evaluations.required} checked={question.required} onChange={(required) => change({ required })} testId="question-required" />
    </section>
  );
}

interface ChoicesProps {
  choices: readonly string[];
  marked: boolean;
  onChange: (choices: string[]) => void;
}

function Choices({ choices, marked, onChange }: ChoicesProps) {
  const wrong = (choice: string, at: number): string | undefined => {
    if (isTwice(choices, at)) return d.evaluations.twice;
    return marked && isBlank(choice) ? d.evaluations.wanted : undefined;
  };
  return (
    <fieldset className={styles["choices"]}>
      <legend>{d.evaluations.choices}</legend>
      {choices.map((choice, at) => (
        // A choice is its place: nothing moves among them.
        <div key={at} className={styles["choice"]}>
          <TextInput
            label={d.evaluations.choice(at + 1)}
            value={choice}
            onChange={(text) => onChange(choices.map((each, place) => (place === at ? text : each)))}
            most={CHOICE_MOST}
            error={wrong(choice, at)}
            testId="choice"
          />
          <IconButton
            label={d.evaluations.removeChoice(at + 1)}
            icon={<X size={18} aria-hidden />}
            disabled={choices.length <= CHOICES_LEAST}
            onClick={() => onChange(choices.filter((_, place) => place !== at))}
            data-testid="remove-choice"
          />
        </div>
      ))}
      <div>
        <Button icon={<Plus size={18} aria-hidden />} disabled={choices.length >= CHOICES_MOST} onClick={() => onChange([...choices, ""])} data-testid="add-choice">
          {d.evaluations.addChoice}
        </Button>
      </div>
    </fieldset>
  );
}
