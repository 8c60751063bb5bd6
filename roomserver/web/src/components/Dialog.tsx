import { X } from "lucide-react";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { t } from "../messages";
import { IconButton } from "./Button";
import styles from "./Dialog.module.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at its foot, in the order of reading; the one that does it comes last. */
  actions?: ReactNode;
  wide?: boolean;
  /** "alertdialog" for a question that interrupts. */
  role?: "dialog" | "alertdialog";
  testId?: string | undefined;
}

/** A modal dialog: the browser keeps the focus inside and gives it back afterwards; Escape closes. */
export function Dialog({ title, onClose, children, actions, wide = false, role, testId }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // A layout effect: closing must come before the element is gone, or the focus does not go back.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // Not the close button, where the browser would start: what the dialog is about, or its first field.
    (dialog?.querySelector<HTMLElement>("[data-autofocus]") ?? dialog?.querySelector("h2"))?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      role={role}
      className={[styles["dialog"], wide && styles["wide"]].filter(Boolean).join(" ")}
      aria-labelledby={heading}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={styles["header"]}>
        <h2 id={heading} tabIndex={-1}>{title}</h2>
        <IconButton label={t.general.close} icon={<X size={20} aria-hidden />} onClick={onClose} />
      </div>
      <div className={styles["body"]}>{children}</div>
      {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
    </dialog>
  );
}
