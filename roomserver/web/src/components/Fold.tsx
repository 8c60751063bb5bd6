import { ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import styles from "./Fold.module.css";

interface FoldProps {
  title: string;
  /** What is set inside, in a few words: to be seen without opening it. */
  summary?: ReactNode;
  /** Something inside is wrong: it opens. */
  wrong?: boolean;
  children: ReactNode;
  testId?: string;
}

/** A part of a page that is closed until somebody wants it. */
export function Fold({ title, summary, wrong = false, children, testId }: FoldProps) {
  const [chosen, setChosen] = useState(false);
  const open = chosen || wrong;
  return (
    <section className={styles["fold"]}>
      <details open={open} data-testid={testId} onToggle={(event) => setChosen(event.currentTarget.open)}>
        <summary className={styles["summary"]}>
          <h2>{title}</h2>
          {summary !== undefined && <span className={styles["words"]}>{summary}</span>}
          <ChevronDown size={20} aria-hidden className={styles["mark"]} />
        </summary>
        <div className={styles["content"]}>{children}</div>
      </details>
    </section>
  );
}
