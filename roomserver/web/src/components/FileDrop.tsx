import { Upload } from "lucide-react";
import { type DragEvent, useId, useState } from "react";
import { t } from "../messages";
import { bytes } from "../messages/formats";
import { fileTrouble } from "./acceptedFiles";
import styles from "./FileDrop.module.css";

interface FileDropProps {
  label: string;
  hint?: string;
  /** Media types and endings, as the accept attribute of HTML takes them. */
  accept: string;
  /** The most bytes that the server takes. */
  most: number;
  onFile: (file: File) => void;
  error?: string | undefined;
  testId?: string;
}

/** Chosen by button or dropped: one file, checked for kind and size before it goes anywhere. */
export function FileDrop({ label, hint, accept, most, onFile, error, testId }: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string>();
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    const trouble = fileTrouble(file, accept, most);
    setRefused(trouble === "large" ? t.widgets.fileTooLarge(file.name, bytes(most)) : trouble === "kind" ? t.widgets.fileKind(file.name) : undefined);
    if (trouble === undefined) onFile(file);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const wrong = refused ?? error;
  return (
    <div
      className={[styles["drop"], over && styles["over"]].filter(Boolean).join(" ")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <label htmlFor={id} className={styles["label"]}>
        <Upload size={24} aria-hidden />
        <span>
          <strong>{label}</strong>
          <span className={styles["how"]}>
            {t.widgets.chooseFile} {t.widgets.dropFile}
          </span>
        </span>
      </label>
      <input
        id={id}
        type="file"
        accept={accept}
        className={styles["input"]}
        data-testid={testId}
        aria-invalid={wrong === undefined ? undefined : true}
        aria-describedby={hint === undefined ? `${id}-error` : `${id}-hint ${id}-error`}
        onChange={(event) => {
          take(event.target.files?.[0]);
          // The same file, mended, can be chosen again.
          event.target.value = "";
        }}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {hint}
        </p>
      )}
      <p id={`${id}-error`} role="alert" className={styles["error"]}>
        {wrong}
      </p>
    </div>
  );
}
