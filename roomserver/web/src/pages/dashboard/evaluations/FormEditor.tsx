import { Plus } from "lucide-react";
import { useState } from "react";
import { flushSync } from "react-dom";
import type { EvaluationForm } from "../../../browser/api/evaluations";
import type { EvaluationQuestion } from "../../../browser/api/myEvaluation";
import { Button } from "../../../components/Button";
import { useTell } from "../../../components/Notices";
import { Problem } from "../../../components/Problem";
import type { Editing } from "../../../dashboard/useEditing";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import styles from "./Evaluations.module.css";
import { QuestionCard, headingId } from "./QuestionCard";
import { QUESTIONS_MOST, isComplete, moved, newQuestion } from "./form";

interface FormEditorProps {
  editing: Editing<EvaluationForm>;
  /** How many people answered. */
  answered: number;
  onSaved: () => void;
}

/** What is done with the list; the focus goes along, and `news` is to be read aloud. */
function useQuestions(editing: Editing<EvaluationForm>) {
  const { questions } = editing.values;
  const [news, setNews] = useState("");
  const tell = useTell();
  const set = (next: EvaluationQuestion[]): void => editing.set({ questions: next });
  const move = (from: number, to: number): void => {
    const id = questions[from]?.id ?? "";
    flushSync(() => set(moved(questions, from, to)));
    document.getElementById(headingId(id))?.focus();
    setNews(d.evaluations.moved(to + 1, questions.length));
  };
  const add = (): void => {
    const question = newQuestion();
    flushSync(() => set([...questions, question]));
    document.getElementById(headingId(question.id))?.focus();
  };
  const remove = (at: number): void => {
    const before = questions;
    set(questions.filter((_, place) => place !== at));
    tell(d.evaluations.questionRemoved(at + 1), "info", { label: t.general.undo, onSelect: () => set(before) });
  };
  return { set, move, add, remove, news };
}

/** The questions, in order. What is missing is marked from the first try to save on. */
export function FormEditor({ editing, answered, onSaved }: FormEditorProps) {
  const { questions } = editing.values;
  const [marked, setMarked] = useState(false);
  const tell = useTell();
  const { set, move, add, remove, news } = useQuestions(editing);
  const complete = isComplete(questions);
  const save = async (): Promise<void> => {
    setMarked(true);
    if (!complete || !(await editing.save())) return;
    setMarked(false);
    tell(d.evaluations.saved);
    onSaved();
  };
  return (
    <form
      className={styles["part"]}
      noValidate
      data-testid="evaluation-form"
      onSubmit={(submit) => {
        submit.preventDefault();
        if (!editing.busy) void save();
      }}
    >
      {answered > 0 && <p className={styles["note"]}>{d.evaluations.keepAnswers(answered)}</p>}
      <ol className={styles["questions"]}>
        {questions.map((question, at) => (
          <li key={question.id}>
            <QuestionCard
              question={question}
              at={at}
              of={questions.length}
              marked={marked}
              onChange={(next) => set(questions.map((each, place) => (place === at ? next : each)))}
              onMove={(to) => move(at, to)}
              onRemove={() => remove(at)}
            />
          </li>
        ))}
      </ol>
      <span className="visually-hidden" role="status">
        {news}
      </span>
      <div className={styles["foot"]}>
        <Button icon={<Plus size={18} aria-hidden />} disabled={questions.length >= QUESTIONS_MOST} onClick={add} data-testid="add-question">
          {d.evaluations.addQuestion}
        </Button>
        {questions.length >= QUESTIONS_MOST && <p>{d.evaluations.mostQuestions(QUESTIONS_MOST)}</p>}
        <Button type="submit" look="primary" busy={editing.busy} data-testid="save-evaluation">
          {d.evaluations.save}
        </Button>
      </div>
      {marked && !complete && <Problem testId="incomplete">{d.evaluations.faults}</Problem>}
      {editing.problem !== undefined && <Problem>{editing.problem}</Problem>}
    </form>
  );
}
