import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { Table } from "../components/Table";
import { d } from "../messages/dashboard";
import type { Editing } from "./useEditing";

interface ConflictDialogProps<T> {
  editing: Editing<T>;
  labelOf: (field: keyof T) => string;
  /** A value as people read it. */
  show: (field: keyof T, value: T) => string;
}

/** Two organizers changed the same fields: shows both, and asks which to keep. */
export function ConflictDialog<T>({ editing: { conflict, settle }, labelOf, show }: ConflictDialogProps<T>) {
  if (conflict === undefined) return null;
  return (
    <Dialog
      wide
      role="alertdialog"
      title={d.frame.conflict.title}
      onClose={() => settle(undefined)}
      testId="conflict"
      actions={
        <>
          <Button onClick={() => settle("theirs")} data-testid="take-theirs">
            {d.frame.conflict.takeTheirs}
          </Button>
          <Button look="primary" onClick={() => settle("mine")} data-testid="keep-mine">
            {d.frame.conflict.keepMine}
          </Button>
        </>
      }
    >
      <p>{d.frame.conflict.hint}</p>
      <Table
        label={d.frame.conflict.title}
        rows={conflict.disputed}
        keyOf={String}
        columns={[
          { name: "field", label: d.frame.conflict.field, title: true, cell: labelOf },
          { name: "theirs", label: d.frame.conflict.theirs, cell: (field) => <bdi>{show(field, conflict.theirs.value)}</bdi> },
          { name: "mine", label: d.frame.conflict.mine, cell: (field) => <bdi>{show(field, conflict.mine)}</bdi> },
        ]}
      />
    </Dialog>
  );
}
