import { useCallback, useEffect, useState } from "react";
import { previewMarkdown } from "../../../browser/api/sessions";
import { Switch } from "../../../components/Checkbox";
import { Fold } from "../../../components/Fold";
import { Prose } from "../../../components/Prose";
import { TextArea } from "../../../components/TextInput";
import { useResource } from "../../../components/useResource";
import { d } from "../../../messages/dashboard";
import styles from "./SessionForm.module.css";
import { type PartProps, anyWrong, sayExtras } from "./parts";

const INFO_MOST = 20_000;
/** Milliseconds after the last key. */
const WAIT = 300;

export function Extras({ editing: { values, set, errors } }: PartProps) {
  const f = d.sessions.form;
  return (
    <Fold title={f.extras} summary={sayExtras(values)} wrong={anyWrong(errors, "youtube", "record", "additional_info")} testId="part-extras">
      <Switch label={f.record} hint={f.recordHint} checked={values.record} onChange={(record) => set({ record })} testId="session-record" />
      <Switch label={f.youtube} hint={f.youtubeHint} checked={values.youtube} onChange={(youtube) => set({ youtube })} testId="session-youtube" />
      <div className={styles["pair"]}>
        <TextArea
          label={f.info}
          hint={f.infoHint}
          value={values.additional_info}
          onChange={(additional_info) => set({ additional_info })}
          most={INFO_MOST}
          rows={8}
          error={errors["additional_info"]}
          testId="session-info"
        />
        <InfoPreview markdown={values.additional_info} />
      </div>
    </Fold>
  );
}

/** As the page of the session will show it. */
function InfoPreview({ markdown }: { markdown: string }) {
  const [settled, setSettled] = useState(markdown);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(markdown), WAIT);
    return () => clearTimeout(timer);
  }, [markdown]);
  const load = useCallback(
    (signal: AbortSignal) => (settled.trim() === "" ? Promise.resolve("") : previewMarkdown(settled, signal)),
    [settled],
  );
  const preview = useResource(load);
  return (
    <div role="group" className={styles["info"]} aria-label={d.sessions.form.infoPreview} data-testid="info-preview">
      <h3>{d.sessions.form.infoPreview}</h3>
      {preview.data === undefined || preview.data === "" ? <p>{d.sessions.form.infoEmpty}</p> : <Prose html={preview.data} />}
    </div>
  );
}
