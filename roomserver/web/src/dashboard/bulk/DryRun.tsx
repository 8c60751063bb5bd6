import { useState } from "react";
import type { ImportAnswer, ImportRow } from "../../browser/api/spreadsheets";
import { sayFault } from "../../browser/sayProblem";
import { Badge } from "../../components/Badge";
import { More } from "../../components/More";
import { Select } from "../../components/Select";
import { Table } from "../../components/Table";
import { d } from "../../messages/dashboard";
import { number } from "../../messages/formats";
import styles from "./Bulk.module.css";
import { type Shown, countRows, firstShown, shownRows } from "./rows";

const AT_A_TIME = 100;

/** Row by row: what an upload would do, and what is wrong with it. */
export function DryRun({ answer: { rows } }: { answer: ImportAnswer }) {
  const counts = countRows(rows);
  const [shown, setShown] = useState<Shown>(() => firstShown(counts));
  const [most, setMost] = useState(AT_A_TIME);
  const found = shownRows(rows, shown);
  return (
    <div className={styles["dry"]}>
      <p role="status" className={styles["said"]} data-testid="upload-summary">
        <Badge tone={counts.wrong > 0 ? "danger" : "good"}>{counts.wrong > 0 ? d.bulk.wrong(counts.wrong) : d.bulk.fits}</Badge>
        <span>{d.bulk.summary(counts.create, counts.update, counts.unchanged)}</span>
      </p>
      {counts.wrong > 0 && <p>{d.bulk.mend}</p>}
      <Select
        label={d.bulk.show}
        value={shown}
        onChange={(next) => {
          setShown(next);
          setMost(AT_A_TIME);
        }}
        options={(["errors", "changes", "all"] as const).map((value) => ({ value, label: d.bulk.shown[value] }))}
        testId="upload-shown"
      />
      <Table
        label={d.bulk.rows}
        rows={found.slice(0, most)}
        keyOf={(row) => String(row.row)}
        empty={<p>{d.bulk.none}</p>}
        testId="upload-rows"
        columns={[
          { name: "row", label: d.bulk.row, title: true, cell: (row) => number(row.row) },
          { name: "action", label: d.bulk.action, cell: (row) => <Action row={row} /> },
          { name: "details", label: d.bulk.details, cell: (row) => <Details row={row} /> },
        ]}
      />
      {found.length > 0 && <More shown={Math.min(most, found.length)} more={found.length > most} busy={false} onMore={() => setMost(most + AT_A_TIME)} />}
    </div>
  );
}

function Action({ row }: { row: ImportRow }) {
  if (row.errors.length > 0) return <Badge tone="danger">{d.bulk.actions.wrong}</Badge>;
  const tone = row.action === "create" ? "good" : row.action === "update" ? "accent" : "plain";
  return <Badge tone={tone}>{d.bulk.actions[row.action]}</Badge>;
}

function Details({ row }: { row: ImportRow }) {
  return (
    <ul className={styles["details"]}>
      {row.errors.map((error) => (
        <li key={`${error.field} ${error.message}`} className={styles["wrong"]}>
          {error.field !== "" && <code>{error.field}</code>} <bdi>{sayFault(error)}</bdi>
        </li>
      ))}
      {row.changes.map(({ field, before, after }) => (
        <li key={field}>
          <code>{field}</code> {before !== "" && <del dir="auto">{before}</del>}
          {before !== "" && (
            <>
              {" "}
              <span className="points">→</span>{" "}
            </>
          )}
          {after === "" ? <em>{d.bulk.emptied}</em> : <ins dir="auto">{after}</ins>}
        </li>
      ))}
    </ul>
  );
}
