import { ClipboardCheck } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { readMyEvaluation } from "../../browser/api/myEvaluation";
import { IconButton } from "../../components/Button";
import { useTell } from "../../components/Notices";
import { useResource } from "../../components/useResource";
import { t } from "../../messages";
import { useSession, useSnapshot } from "../context";
import { EvaluationDialog } from "./EvaluationDialog";

/** A button of the header once the evaluation is open, and its dialog. Organizers don't answer. */
export function Evaluation({ session }: { session: string }) {
  const role = useSnapshot().you?.role;
  const [open, setOpen] = useState(false);
  const opened = useOpening(useCallback(() => setOpen(true), []));
  if (role === undefined || role === "organizer") return null;
  return <Answering key={opened} session={session} open={open} onOpen={setOpen} />;
}

/** How often the room told that the evaluation opened. Those who are busy get a word, the others the form itself. */
function useOpening(onShow: () => void): number {
  const { room } = useSession();
  const tell = useTell();
  const [opened, setOpened] = useState(0);
  useEffect(
    () =>
      room.events.on("notice", ({ code }) => {
        const you = room.snapshot.you;
        if (code !== "evaluation_open" || you?.role === "organizer") return;
        setOpened((times) => times + 1);
        const busy = (you?.seats ?? []).length > 0 || document.querySelector("dialog[open]") !== null;
        if (busy) tell(t.evaluation.opened, "info", { label: t.evaluation.open, onSelect: onShow });
        else onShow();
      }),
    [room, tell, onShow],
  );
  return opened;
}

function Answering({ session, open, onOpen }: { session: string; open: boolean; onOpen: (open: boolean) => void }) {
  const { data, reload } = useResource(useCallback((signal: AbortSignal) => readMyEvaluation(session, signal), [session]));
  if (data?.open !== true || data.questions === null) return null; // none, or not yet
  return (
    <>
      <IconButton
        label={t.evaluation.open}
        icon={<ClipboardCheck size={20} aria-hidden />}
        onClick={() => onOpen(true)}
        data-testid="evaluation-button"
        data-answered={data.mine !== null}
      />
      {open && (
        <EvaluationDialog
          session={session}
          questions={data.questions}
          mine={data.mine?.answers}
          onClose={() => onOpen(false)}
          onSent={() => {
            onOpen(false);
            reload();
          }}
        />
      )}
    </>
  );
}
