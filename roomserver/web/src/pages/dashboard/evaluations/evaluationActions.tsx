import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { deleteEvaluation, readResults, unlockEvaluation } from "../../../browser/api/evaluations";
import { ApiProblem } from "../../../browser/api/http";
import { findSessions } from "../../../browser/api/sessions";
import { sayProblem } from "../../../browser/sayProblem";
import { Button } from "../../../components/Button";
import { Combobox } from "../../../components/Combobox";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { Dialog } from "../../../components/Dialog";
import { useTell } from "../../../components/Notices";
import type { Option } from "../../../components/useSuggestions";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";

const NO_FILTER = { active_from: null, active_to: null, ticket_type: "", tag: "" };

async function suggestSessions(q: string, signal: AbortSignal): Promise<Option[]> {
  const { items } = await findSessions({ ...NO_FILTER, q }, null, signal);
  return items.map(({ id, title }) => ({ id, label: title }));
}

export function ChooseSession({ onClose }: { onClose: () => void }) {
  const [chosen, setChosen] = useState<Option | null>(null);
  const [, navigate] = useLocation();
  return (
    <Dialog
      title={d.evaluations.chooseTitle}
      onClose={onClose}
      testId="choose-session"
      actions={
        <>
          <Button onClick={onClose}>{t.general.cancel}</Button>
          <Button
            look="primary"
            disabled={chosen === null}
            onClick={() => {
              if (chosen !== null) navigate(`/dashboard/evaluations?session=${chosen.id}`);
            }}
            data-testid="write-questions"
          >
            {d.evaluations.chooseAction}
          </Button>
        </>
      }
    >
      <Combobox
        label={d.evaluations.session}
        hint={d.evaluations.chooseHint}
        placeholder={d.evaluations.findSession}
        value={chosen}
        onChange={setChosen}
        suggest={suggestSessions}
        testId="evaluation-session"
      />
    </Dialog>
  );
}

interface EvaluationProps {
  session: string;
  title: string;
  onClose: () => void;
}

export function UnlockEvaluation({ session, title, onUnlocked, onClose }: EvaluationProps & { onUnlocked: () => void }) {
  const tell = useTell();
  return (
    <ConfirmDialog
      title={d.evaluations.unlockTitle(title)}
      action={d.evaluations.unlockAction}
      look="primary"
      onConfirm={async () => {
        await unlockEvaluation(session);
        tell(d.evaluations.unlocked);
        onUnlocked();
      }}
      sayError={sayProblem}
      onClose={onClose}
      testId="confirm-unlock"
    >
      <p>{d.evaluations.unlockHint}</p>
    </ConfirmDialog>
  );
}

/** Asks, and where people answered, asks again: their answers would be lost. */
export function DeleteEvaluation({ session, title, onDeleted, onClose }: EvaluationProps & { onDeleted: () => void }) {
  const [lost, setLost] = useState<number>();
  const again = useRef(false);
  const tell = useTell();
  const remove = async (): Promise<void> => {
    try {
      await deleteEvaluation(session, lost !== undefined);
    } catch (error) {
      if (lost !== undefined || !(error instanceof ApiProblem && error.code === "has_answers")) throw error;
      const { answered } = await readResults(session);
      again.current = true;
      setLost(answered);
      return;
    }
    again.current = false;
    tell(d.evaluations.removed(title));
    onDeleted();
  };
  // The first question closes after its answer: where another follows, what asks stays.
  const closeFirst = (): void => {
    if (!again.current) onClose();
  };
  return lost === undefined ? (
    <ConfirmDialog key="first" title={d.evaluations.removeTitle(title)} action={d.evaluations.removeAction} onConfirm={remove} sayError={sayProblem} onClose={closeFirst} testId="confirm-delete">
      <p>{d.evaluations.removeHint}</p>
    </ConfirmDialog>
  ) : (
    <ConfirmDialog key="again" title={d.evaluations.loseTitle} action={d.evaluations.loseAction} onConfirm={remove} sayError={sayProblem} onClose={onClose} testId="confirm-delete-answers">
      <p>{d.evaluations.loseHint(lost)}</p>
    </ConfirmDialog>
  );
}
