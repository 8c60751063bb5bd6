import { ArrowLeft } from "lucide-react";
import { useCallback, useState } from "react";
import { type EvaluationForm, type EvaluationItem, findEvaluation, readForm, writeForm } from "../../../browser/api/evaluations";
import type { Versioned } from "../../../browser/api/http";
import { readSession } from "../../../browser/api/sessions";
import { Button, ButtonLink } from "../../../components/Button";
import { Loaded } from "../../../components/Loaded";
import { PageHeading } from "../../../components/PageFrame";
import { Tabs } from "../../../components/Tabs";
import { useResource } from "../../../components/useResource";
import { ConflictDialog } from "../../../dashboard/ConflictDialog";
import { useAskBeforeLeaving } from "../../../dashboard/useAskBeforeLeaving";
import { useEditing } from "../../../dashboard/useEditing";
import { d } from "../../../messages/dashboard";
import { list } from "../../../messages/formats";
import { UnlockEvaluation } from "./evaluationActions";
import { OpenState } from "./EvaluationList";
import styles from "./Evaluations.module.css";
import { FormEditor } from "./FormEditor";
import { newQuestion } from "./form";
import { FormPreview } from "./FormPreview";
import { Results } from "./Results";

interface Known {
  title: string;
  /** Undefined before the first form is saved. */
  item: EvaluationItem | undefined;
  form: Versioned<EvaluationForm>;
}

async function load(session: string, signal: AbortSignal): Promise<Known> {
  const [{ value }, item] = await Promise.all([readSession(session, signal), findEvaluation(session, signal)]);
  const form = item === undefined ? { value: { questions: [newQuestion()] }, etag: "" } : await readForm(session, signal);
  return { title: value.title, item, form };
}

/** The evaluation of one session: its questions, how they look, and what was answered. */
export function EvaluationView({ session }: { session: string }) {
  const known = useResource(useCallback((signal: AbortSignal) => load(session, signal), [session]));
  const [unlocking, setUnlocking] = useState(false);
  const item = known.data?.item;
  return (
    <>
      <PageHeading
        title={known.data === undefined ? d.frame.pages.evaluations : d.evaluations.heading(known.data.title)}
        back={
          <ButtonLink look="quiet" href="/dashboard/evaluations" icon={<ArrowLeft size={18} aria-hidden className="points" />}>
            {d.evaluations.back}
          </ButtonLink>
        }
        actions={
          item === undefined ? undefined : (
            <>
              <OpenState item={item} />
              {!item.open && (
                <Button onClick={() => setUnlocking(true)} data-testid="unlock">
                  {d.evaluations.unlock}
                </Button>
              )}
            </>
          )
        }
      />
      <Loaded resource={known}>{(data) => <Parts session={session} known={data} onSaved={known.reload} />}</Loaded>
      {unlocking && item !== undefined && <UnlockEvaluation session={session} title={item.title} onUnlocked={known.reload} onClose={() => setUnlocking(false)} />}
    </>
  );
}

type Part = keyof typeof d.evaluations.tabs;

function Parts({ session, known, onSaved }: { session: string; known: Known; onSaved: () => void }) {
  const [part, setPart] = useState<Part>("form");
  const editing = useEditing<EvaluationForm>(known.form, (changes, etag) => writeForm(session, changes.questions ?? known.form.value.questions, etag));
  const { question } = useAskBeforeLeaving(editing.dirty);
  const parts: Part[] = known.item === undefined ? ["form", "preview"] : ["form", "preview", "results"];
  return (
    <>
      <Tabs
        label={d.evaluations.parts}
        tabs={parts.map((name) => ({ name, label: d.evaluations.tabs[name], testId: `tab-${name}` }))}
        value={part}
        onChange={setPart}
      >
        <div className={styles["part"]}>
          {part === "form" && <FormEditor editing={editing} answered={known.item?.answered ?? 0} onSaved={onSaved} />}
          {part === "preview" && <FormPreview questions={editing.values.questions} />}
          {part === "results" && <Results session={session} />}
        </div>
      </Tabs>
      <ConflictDialog editing={editing} labelOf={() => d.evaluations.questionCount} show={(_, form) => list(form.questions.map(({ title }) => title))} />
      {question}
    </>
  );
}
