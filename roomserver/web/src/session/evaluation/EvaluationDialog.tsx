import { useState } from "react";
import { type EvaluationAnswers, type EvaluationQuestion, STARS, sendAnswers } from "../../browser/api/myEvaluation";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { useTell } from "../../components/Notices";
import { t } from "../../messages";
import { sayError } from "../say";
import styles from "./Evaluation.module.css";
import { Question } from "./Question";
import { answersToSend, faultsOf, isAnswered } from "./answers";

interface EvaluationDialogProps {
  session: string;
  questions: readonly EvaluationQuestion[];
  /** What was sent already: to be read only. */
  mine: EvaluationAnswers | undefined;
  onClose: () => void;
  onSent: () => void;
}

/** The form, a look at what one is about to send, and later at what one sent. */
export function EvaluationDialog({ session, questions, mine, onClose, onSent }: EvaluationDialogProps) {
  const [answers, setAnswers] = useState<EvaluationAnswers>(mine ?? {});
  const [reviewing, setReviewing] = useState(false);
  if (mine !== undefined) {
    return (
      <Dialog title={t.evaluation.open} onClose={onClose} testId="evaluation" actions={<Button onClick={onClose}>{t.general.close}</Button>}>
        <p>
          {t.evaluation.thanks} {t.evaluation.yours}
        </p>
        <Answers questions={questions} answers={mine} />
      </Dialog>
    );
  }
  return reviewing ? (
    <Review {...{ session, questions, answers, onClose, onSent }} onChange={() => setReviewing(false)} />
  ) : (
    <Form {...{ questions, answers, onClose }} onAnswers={setAnswers} onReview={() => setReviewing(true)} />
  );
}

interface FormProps {
  questions: readonly EvaluationQuestion[];
  answers: EvaluationAnswers;
  onAnswers: (answers: EvaluationAnswers) => void;
  onReview: () => void;
  onClose: () => void;
}

function Form({ questions, answers, onAnswers, onReview, onClose }: FormProps) {
  const [tried, setTried] = useState(false);
  const { missing, tooLong } = faultsOf(questions, answers);
  const review = (): void => {
    setTried(true);
    const wrong = missing[0] ?? tooLong[0];
    if (wrong === undefined) onReview();
    else focusQuestion(wrong);
  };
  return (
    <Dialog
      title={t.evaluation.open}
      onClose={onClose}
      testId="evaluation"
      actions={
        <>
          <Button onClick={onClose}>{t.evaluation.later}</Button>
          <Button look="primary" onClick={review} data-testid="evaluation-review">
            {t.evaluation.review}
          </Button>
        </>
      }
    >
      <p>{t.evaluation.intro}</p>
      {questions.map((question) => (
        <Question
          key={question.id}
          question={question}
          answer={answers[question.id]}
          error={tried && missing.includes(question.id) ? t.evaluation.required : undefined}
          onAnswer={(answer) => onAnswers({ ...answers, [question.id]: answer ?? "" })}
        />
      ))}
    </Dialog>
  );
}

function focusQuestion(id: string): void {
  const field = document.querySelector<HTMLElement>(`[data-testid="question-${CSS.escape(id)}"]`);
  const control = field?.matches("input, select, textarea") === true ? field : field?.querySelector<HTMLElement>("input, select, textarea");
  control?.focus();
}

interface ReviewProps {
  session: string;
  questions: readonly EvaluationQuestion[];
  answers: EvaluationAnswers;
  onChange: () => void;
  onClose: () => void;
  onSent: () => void;
}

function Review({ session, questions, answers, onChange, onClose, onSent }: ReviewProps) {
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const send = async (): Promise<void> => {
    setBusy(true);
    try {
      await sendAnswers(session, answersToSend(answers));
      tell(t.evaluation.thanks);
      onSent();
    } catch (error) {
      setBusy(false);
      setProblem(sayError(error));
    }
  };
  return (
    <Dialog
      title={t.evaluation.reviewTitle}
      onClose={onClose}
      testId="evaluation-answers"
      actions={
        <>
          <Button onClick={onChange}>{t.evaluation.change}</Button>
          <Button look="primary" busy={busy} onClick={() => void send()} data-testid="evaluation-send">
            {t.evaluation.send}
          </Button>
        </>
      }
    >
      <Answers questions={questions} answers={answers} />
      <p className={styles["soft"]}>{t.evaluation.final}</p>
      {problem !== undefined && (
        <p role="alert" className={styles["error"]}>
          {problem}
        </p>
      )}
    </Dialog>
  );
}

function Answers({ questions, answers }: { questions: readonly EvaluationQuestion[]; answers: EvaluationAnswers }) {
  return (
    <dl className={styles["answers"]}>
      {questions.map(({ id, title }) => (
        <div key={id}>
          <dt>
            <bdi>{title}</bdi>
          </dt>
          <dd>
            <bdi>{sayAnswer(answers[id])}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function sayAnswer(answer: number | string | undefined): string {
  if (answer === undefined || !isAnswered(answer)) return t.evaluation.notAnswered;
  return typeof answer === "number" ? t.evaluation.rating(answer, STARS) : answer;
}
