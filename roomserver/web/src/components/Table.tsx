import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "../messages";
import styles from "./Table.module.css";

export interface Column<Row, Name extends string = string> {
  name: Name;
  label: string;
  cell: (row: Row) => ReactNode;
  /** Names the row for screen readers; on phones it is the card's title. One column has it. */
  title?: boolean;
  /** Can be sorted by. */
  sorts?: boolean;
  align?: "start" | "end";
  /** The heading is for screen readers only: a column of buttons. */
  hideLabel?: boolean;
}

export interface Sorting<Name extends string = string> {
  by: Name;
  descending: boolean;
}

interface TableProps<Row, Name extends string> {
  /** What the table lists. */
  label: string;
  columns: readonly Column<Row, Name>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  sorting?: Sorting<Name> | undefined;
  onSort?: (sorting: Sorting<Name>) => void;
  /** Shown instead of a table without rows. */
  empty?: ReactNode;
  testId?: string;
}

/** A table on wide screens, a card for each row on phones. */
export function Table<Row, Name extends string>({ label, columns, rows, keyOf, sorting, onSort, empty, testId }: TableProps<Row, Name>) {
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>;
  return (
    <div className={styles["frame"]}>
      {/* The roles are said because `display` takes them away on phones. */}
      <table role="table" aria-label={label} className={styles["table"]} data-testid={testId}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <Heading key={column.name} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row" data-id={keyOf(row)}>
              {columns.map((column) => (
                <Cell key={column.name} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps<Row, Name extends string> {
  column: Column<Row, Name>;
  sorting: Sorting<Name> | undefined;
  onSort: ((sorting: Sorting<Name>) => void) | undefined;
}

function Heading<Row, Name extends string>({ column, sorting, onSort }: HeadingProps<Row, Name>) {
  const sorted = sorting?.by === column.name ? (sorting.descending ? "descending" : "ascending") : undefined;
  const Icon = sorted === undefined ? ArrowUpDown : sorted === "descending" ? ArrowDown : ArrowUp;
  return (
    <th role="columnheader" scope="col" data-align={column.align} aria-sort={column.sorts === true ? (sorted ?? "none") : undefined}>
      {column.sorts === true && onSort !== undefined ? (
        <button
          type="button"
          className={styles["sort"]}
          title={t.widgets.sortBy(column.label)}
          onClick={() => onSort({ by: column.name, descending: sorted === "ascending" })}
        >
          {column.label}
          <Icon size={14} aria-hidden data-quiet={sorted === undefined} />
        </button>
      ) : (
        <span className={column.hideLabel === true ? "visually-hidden" : undefined}>{column.label}</span>
      )}
    </th>
  );
}

function Cell<Row, Name extends string>({ column, row }: { column: Column<Row, Name>; row: Row }) {
  const content = column.cell(row);
  if (column.title === true) {
    return (
      <th role="rowheader" scope="row" className={styles["title"]}>
        {content}
      </th>
    );
  }
  return (
    <td role="cell" data-label={column.hideLabel === true ? undefined : column.label} data-align={column.align}>
      {content}
    </td>
  );
}
