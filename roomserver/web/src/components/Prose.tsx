import styles from "./Prose.module.css";

/** Text that somebody wrote in Markdown. `html` comes from the server, which sanitizes it. */
export function Prose({ html }: { html: string }) {
  return <div dir="auto" className={styles["prose"]} dangerouslySetInnerHTML={{ __html: html }} />;
}
