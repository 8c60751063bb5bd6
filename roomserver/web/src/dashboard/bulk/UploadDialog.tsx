import { useState } from "react";
import { type BulkKind, SHEET_BYTES, SHEET_FILES } from "../../browser/api/spreadsheets";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { FileDrop } from "../../components/FileDrop";
import { useTell } from "../../components/Notices";
import { Progress } from "../../components/Progress";
import { t } from "../../messages";
import { d } from "../../messages/dashboard";
import { bytes } from "../../messages/formats";
import { DryRun } from "./DryRun";
import styles from "./Bulk.module.css";
import { countRows } from "./rows";
import { type Upload, useUpload } from "./useUpload";

interface UploadDialogProps {
  kind: BulkKind;
  onClose: () => void;
  onChanged: () => void;
}

/** A spreadsheet is chosen, tried, looked at, and then applied: all of it or nothing. */
export function UploadDialog({ kind, onClose, onChanged }: UploadDialogProps) {
  const upload = useUpload(kind);
  const tell = useTell();
  const [files, setFiles] = useState(0);
  const counts = upload.answer === undefined ? undefined : countRows(upload.answer.rows);
  const fits = counts !== undefined && counts.wrong === 0 && counts.create + counts.update > 0;
  const apply = async (): Promise<void> => {
    const answer = await upload.apply();
    if (answer?.applied !== true) return;
    const { create, update } = countRows(answer.rows);
    tell(d.bulk.applied(create, update));
    onChanged();
    onClose();
  };
  return (
    <Dialog
      wide
      title={d.bulk.title[kind]}
      onClose={onClose}
      testId="upload-dialog"
      actions={
        <>
          <Button onClick={onClose}>{t.general.cancel}</Button>
          <Button look="primary" busy={upload.busy !== undefined} disabled={!fits} onClick={() => void apply()} data-testid="apply-upload">
            {counts !== undefined && fits ? d.bulk.apply(counts.create + counts.update) : d.bulk.applyNone}
          </Button>
        </>
      }
    >
      <div className={styles["upload"]}>
        <p>{d.bulk.hint}</p>
        <FileDrop
          label={upload.name ?? d.bulk.choose}
          hint={d.bulk.fileHint(bytes(SHEET_BYTES))}
          accept={SHEET_FILES}
          most={SHEET_BYTES}
          onFile={(file) => {
            setFiles(files + 1);
            void upload.choose(file);
          }}
          error={upload.problem}
          testId="upload-file"
        />
        {upload.busy !== undefined && <Working upload={upload} />}
        {/* Another file begins with its own choice of rows. */}
        {upload.answer !== undefined && <DryRun key={files} answer={upload.answer} />}
      </div>
    </Dialog>
  );
}

function Working({ upload: { busy, progress } }: { upload: Upload }) {
  const label = progress === undefined ? d.bulk.busy[busy ?? "checking"] : d.bulk.stages[progress.stage];
  const share = progress === undefined || progress.total === 0 ? undefined : Math.min(1, progress.done / progress.total);
  return (
    <div>
      <p role="status">{label}</p>
      <Progress label={label} value={share} testId="upload-progress" />
    </div>
  );
}
