import { useState } from "react";
import { type Registrant, type SignInMeans, deleteRegistrant, endSignIns, makeSignIn } from "../../../browser/api/registrants";
import { sayProblem } from "../../../browser/sayProblem";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { CopyButton } from "../../../components/CopyButton";
import { Dialog } from "../../../components/Dialog";
import { Field } from "../../../components/Field";
import { useTell } from "../../../components/Notices";
import { Problem } from "../../../components/Problem";
import { useOrganizing } from "../../../dashboard/context";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import { dateTime } from "../../../messages/formats";
import styles from "./Registrants.module.css";

interface ActionProps {
  who: Registrant;
  onClose: () => void;
}

/** Makes a link when asked to, and shows it this once. */
export function SignInDialog({ who, onClose }: ActionProps) {
  const [made, setMade] = useState<SignInMeans>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const make = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      setMade(await makeSignIn(who.id));
    } catch (error) {
      setProblem(sayProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={d.registrants.linkTitle(who.name)}
      onClose={onClose}
      testId="sign-in-dialog"
      actions={
        made === undefined ? (
          // A key of its own: whoever clicks twice must not close what is shown only once.
          <Button key="make" look="primary" busy={busy} onClick={() => void make()} data-autofocus data-testid="make-link">
            {d.registrants.makeLink}
          </Button>
        ) : (
          <>
            <Button key="close" onClick={onClose}>
              {t.general.close}
            </Button>
            <CopyButton look="primary" text={made.sign_in_link} label={d.registrants.copyLink} testId="copy-link" />
          </>
        )
      }
    >
      <p>{d.registrants.linkHint}</p>
      {made !== undefined && <Link made={made} />}
      {problem !== undefined && <Problem>{problem}</Problem>}
    </Dialog>
  );
}

/** The button that had it is gone. */
function takeFocus(field: HTMLInputElement | null): void {
  field?.focus();
}

function Link({ made }: { made: SignInMeans }) {
  const { event } = useOrganizing();
  return (
    <>
      <p role="status">{d.registrants.linkMade}</p>
      <Field label={d.registrants.link} hideLabel hint={d.registrants.linkUntil(dateTime(made.expires_at, { zone: event.time_zone }))} testId="link">
        {(control) => <input {...control} ref={takeFocus} readOnly dir="ltr" value={made.sign_in_link} onFocus={(focus) => focus.target.select()} />}
      </Field>
    </>
  );
}

/** Signs the person out everywhere. */
export function EndSignIns({ who, onClose }: ActionProps) {
  const tell = useTell();
  return (
    <ConfirmDialog
      title={d.registrants.endTitle(who.name)}
      action={d.registrants.endAction}
      onConfirm={async () => {
        await endSignIns(who.id);
        tell(d.registrants.ended(who.name));
      }}
      sayError={sayProblem}
      onClose={onClose}
      testId="confirm-end"
    >
      <p>{d.registrants.endHint}</p>
    </ConfirmDialog>
  );
}

export function DeleteRegistrant({ who, onDeleted, onClose }: ActionProps & { onDeleted: () => void }) {
  const tell = useTell();
  return (
    <ConfirmDialog
      title={d.registrants.removeTitle(who.name)}
      action={d.registrants.removeAction}
      onConfirm={async () => {
        await deleteRegistrant(who.id);
        tell(d.registrants.removed(who.name));
        onDeleted();
      }}
      sayError={sayProblem}
      onClose={onClose}
      testId="confirm-delete"
    >
      <p>{d.registrants.removeHint}</p>
      <ul className={styles["losses"]}>
        {d.registrants.removeLosses.map((loss) => (
          <li key={loss}>{loss}</li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
