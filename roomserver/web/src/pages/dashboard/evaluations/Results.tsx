import { ClipboardList, Download } from "lucide-react";
import { useCallback } from "react";
import { type QuestionResult, readResults, resultsFile } from "../../../browser/api/evaluations";
import { ButtonLink } from "../../../components/Button";
import { Card } from "../../../components/Card";
import { EmptyState } from "../../../components/EmptyState";
import { Loaded } from "../../../components/Loaded";
import { Progress } from "../../../components/Progress";
import { useResource } from "../../../components/useResource";
import { d } from "../../../messages/dashboard";
import { decimal } from "../../../messages/formats";
import styles from "./Evaluations.module.css";

/** Milliseconds between two looks: people answer meanwhile. */
const EVERY = 5000;

/** What was answered, counted by question. */
export function Results({ session }: { session: string }) {
  const results = useResource(useCallback((signal: AbortSignal) => readResults(session, signal), [session]), { every: EVERY });
  return (
    <Loaded resource={results}>
      {({ answered, questions }) =>
        answered === 0 ? (
          <EmptyState testId="no-answers" icon={<ClipboardList size={32} aria-hidden />} title={d.evaluations.noResults} />
        ) : (
          <>
            <div className={styles["head"]}>
              <p data-testid="answered">{d.evaluations.answeredBy(answered)}</p>
              <ButtonLink href={resultsFile(session)} download icon={<Download size={18} aria-hidden />} data-testid="results-file">
                {d.evaluations.download}
              </ButtonLink>
            </div>
            {questions.map((question) => (
              <Result key={question.id} question={question} />
            ))}
          </>
        )
      }
    </Loaded>
  );
}

function Result({ question }: { question: QuestionResult }) {
  return (
    <Card title={question.title} testId="result">
      <p className={styles["soft"]}>
        {d.evaluations.answeredBy(question.answered)}
        {question.average !== null && ` · ${d.evaluations.average(decimal(question.average))}`}
      </p>
      {question.kind === "text" ? <Texts question={question} /> : <Counts question={question} />}
    </Card>
  );
}

function Counts({ question: { kind, answered, counts } }: { question: QuestionResult }) {
  return (
    <ul className={styles["counts"]}>
      {Object.entries(counts).map(([option, count]) => {
        const label = kind === "rating" ? d.evaluations.stars(Number(option)) : option;
        return (
          <li key={option} data-testid="count" data-count={count}>
            <bdi>{label}</bdi>
            <Progress label={label} value={answered === 0 ? 0 : count / answered} />
            <span className={styles["soft"]}>{d.evaluations.people(count)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Texts({ question: { texts, answered } }: { question: QuestionResult }) {
  return (
    <>
      {texts.length < answered && <p className={styles["soft"]}>{d.evaluations.showsNewest(texts.length)}</p>}
      <ul className={styles["texts"]} data-testid="texts">
        {texts.map((text, at) => (
          <li key={at} dir="auto">
            {text}
          </li>
        ))}
      </ul>
    </>
  );
}
