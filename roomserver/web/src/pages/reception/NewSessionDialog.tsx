import { Mic, UserCheck } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem } from "../../browser/api/http";
import { createSession } from "../../browser/api/sessions";
import { sayFaults, sayProblem } from "../../browser/sayProblem";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Problem } from "../../components/Problem";
import { RadioCards } from "../../components/RadioCards";
import { TextArea, TextInput } from "../../components/TextInput";
import { t } from "../../messages";

const TITLE_MOST = 60;
const DESCRIPTION_MOST = 140;

/** An attendee's own session, where the event allows it: made, and entered at once. */
export function NewSessionDialog({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [policy, setPolicy] = useState<"anyone" | "moderated">("anyone");
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [, navigate] = useLocation();
  const create = async (): Promise<void> => {
    const missing = Object.entries({ title, description }).filter(([, text]) => text.trim() === "");
    setErrors(Object.fromEntries(missing.map(([field]) => [field, t.general.wanted])));
    if (missing.length > 0) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const { value } = await createSession({ title, description, share_policy: policy });
      navigate(`/sessions/${value.id}`);
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiProblem && error.errors.length > 0) setErrors(sayFaults(error));
      else setProblem(sayProblem(error));
    }
  };
  return (
    <Dialog
      title={t.newSession.title}
      onClose={onClose}
      testId="new-session-dialog"
      actions={
        <>
          <Button onClick={onClose}>{t.general.cancel}</Button>
          <Button look="primary" busy={busy} onClick={() => void create()} data-testid="create-session">
            {t.newSession.create}
          </Button>
        </>
      }
    >
      <p>{t.newSession.lead}</p>
      <TextInput label={t.newSession.name} value={title} onChange={setTitle} most={TITLE_MOST} required first error={errors["title"]} testId="new-title" />
      <TextArea
        label={t.newSession.description}
        hint={t.newSession.descriptionHint}
        value={description}
        onChange={setDescription}
        most={DESCRIPTION_MOST}
        required
        error={errors["description"]}
        testId="new-description"
      />
      <RadioCards
        label={t.newSession.sharing}
        value={policy}
        onChange={setPolicy}
        error={errors["share_policy"]}
        testId="new-sharing"
        choices={[
          { value: "anyone", label: t.newSession.anyone, hint: t.newSession.anyoneHint, icon: <Mic size={18} aria-hidden /> },
          { value: "moderated", label: t.newSession.moderated, hint: t.newSession.moderatedHint, icon: <UserCheck size={18} aria-hidden /> },
        ]}
      />
      {problem !== undefined && <Problem>{problem}</Problem>}
    </Dialog>
  );
}
