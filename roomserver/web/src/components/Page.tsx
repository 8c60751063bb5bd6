import type { ReactNode } from "react";
import styles from "./Page.module.css";
import { PreferenceMenus } from "./PreferenceMenus";

/** One message in the middle of the page: an icon, a heading, a sentence, and what can be done. */
export function MessagePage(props: { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode; testId?: string }) {
  return (
    <div className={styles["page"]}>
      <header className={styles["corner"]}>
        <PreferenceMenus />
      </header>
      <main className={styles["message"]} data-testid={props.testId}>
        {props.icon !== undefined && <div className={styles["icon"]}>{props.icon}</div>}
        <h1>{props.title}</h1>
        {props.children}
        {props.actions !== undefined && <div className={styles["actions"]}>{props.actions}</div>}
      </main>
    </div>
  );
}

/** Work under way, without a percentage. */
export function Spinner({ label }: { label: string }) {
  return (
    <div className={styles["spinner"]} role="status">
      <span className={styles["wheel"]} aria-hidden />
      {label}
    </div>
  );
}
