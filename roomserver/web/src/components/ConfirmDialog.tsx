import { type ReactNode, useState } from "react";
import { t } from "../messages";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Problem } from "./Problem";

interface ConfirmDialogProps {
  /** The question: "Delete the session?" */
  title: string;
  /** What would be lost. */
  children: ReactNode;
  /** What the button does: "Delete session". */
  action: string;
  look?: "danger" | "primary";
  /** Closes afterwards; what it throws is said here, by `sayError`, and can be tried again. */
  onConfirm: () => Promise<void> | void;
  sayError: (error: unknown) => string;
  onClose: () => void;
  testId?: string;
}

/** Asks before something that can't be undone. Begins on "Cancel". */
export function ConfirmDialog({ title, children, action, look = "danger", onConfirm, sayError, onClose, testId }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(sayError(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      role="alertdialog"
      onClose={onClose}
      testId={testId}
      actions={
        <>
          <Button onClick={onClose} data-autofocus>
            {t.general.cancel}
          </Button>
          <Button look={look} busy={busy} onClick={() => void confirm()} data-testid="confirm">
            {action}
          </Button>
        </>
      }
    >
      <div>{children}</div>
      {problem !== undefined && <Problem>{problem}</Problem>}
    </Dialog>
  );
}
