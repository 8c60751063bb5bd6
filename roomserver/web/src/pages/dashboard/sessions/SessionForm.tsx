import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem, type Versioned } from "../../../browser/api/http";
import type { LinkedSegment } from "../../../browser/api/sessions";
import { Button } from "../../../components/Button";
import { useTell } from "../../../components/Notices";
import { ConflictDialog } from "../../../dashboard/ConflictDialog";
import { useOrganizing } from "../../../dashboard/context";
import { useAskBeforeLeaving } from "../../../dashboard/useAskBeforeLeaving";
import { missing } from "../../../dashboard/missing";
import { type Editing, useEditing } from "../../../dashboard/useEditing";
import { useFocusWrong } from "../../../dashboard/useFocusWrong";
import { d } from "../../../messages/dashboard";
import { Basics, Looks } from "./Basics";
import { Extras } from "./Extras";
import styles from "./SessionForm.module.css";
import { SessionPreview } from "./SessionPreview";
import { Sharing } from "./Sharing";
import { Watching } from "./Watching";
import { UnlinkDialog, When } from "./When";
import { type Draft, DraftSaver } from "./draft";
import type { Lookups } from "./lookups";
import { labelOf, showField } from "./parts";

interface SessionFormProps {
  /** A session without id is to be made. */
  start: Versioned<Draft>;
  lookups: Lookups;
  /** Others' lists may have changed with it: presenters, the schedule. */
  onSaved: () => void;
}

export function SessionForm({ start, lookups, onSaved }: SessionFormProps) {
  const isNew = start.value.id === "";
  const { editing, question, unlinking, save } = useSessionEditing(start, onSaved);
  const form = useFocusWrong(editing.refusals);
  const { time_zone: zone } = useOrganizing().event;
  useEffect(() => {
    // After the page's heading had its turn: what everybody types first.
    if (isNew) form.current?.querySelector("input")?.focus();
  }, [isNew, form]);
  const part = { editing, lookups };
  return (
    <div className={styles["layout"]}>
      <form
        ref={form}
        className={styles["form"]}
        noValidate
        data-testid="session-form"
        onSubmit={(submit) => {
          submit.preventDefault();
          if (!editing.busy && (isNew || editing.dirty)) save();
        }}
      >
        <Basics {...part} />
        <Sharing {...part} />
        <Watching {...part} />
        <When {...part} onUnlink={unlinking.confirm} />
        <Looks {...part} />
        <Extras {...part} />
        <SaveBar editing={editing} isNew={isNew} />
      </form>
      <aside className={styles["aside"]}>
        <SessionPreview session={editing.values} lookups={lookups} />
      </aside>
      <ConflictDialog editing={editing} labelOf={labelOf} show={(field, value) => showField(field, value, lookups, zone)} />
      {question}
      {unlinking.from !== undefined && <UnlinkDialog segments={unlinking.from} onConfirm={unlinking.confirm} onClose={unlinking.close} />}
    </div>
  );
}

interface Unlinking {
  /** The entries that the server asks about. */
  from: readonly LinkedSegment[] | undefined;
  confirm: () => void;
  close: () => void;
}

interface SessionEditing {
  editing: Editing<Draft>;
  /** Asked where one is about to leave with changes. */
  question: ReactNode;
  unlinking: Unlinking;
  save: () => void;
}

function useSessionEditing(start: Versioned<Draft>, onSaved: () => void): SessionEditing {
  const isNew = start.value.id === "";
  const [saver] = useState(() => new DraftSaver(isNew ? undefined : start.value.id));
  const [unlink, setUnlink] = useState(false);
  const [from, setFrom] = useState<readonly LinkedSegment[]>();
  const [, navigate] = useLocation();
  const tell = useTell();
  const send = async (changes: Partial<Draft>, etag: string): Promise<Versioned<Draft>> => {
    try {
      return await (isNew ? saver.create({ ...start.value, ...changes }) : saver.change(changes, etag, unlink));
    } catch (error) {
      // Somebody put it on the schedule after this page was opened.
      if (error instanceof ApiProblem && error.code === "linked_to_schedule") {
        setFrom((error.document as { segments?: LinkedSegment[] }).segments ?? []);
      }
      throw error;
    }
  };
  const editing = useEditing(start, send, incomplete);
  const { question, letGo } = useAskBeforeLeaving(editing.dirty);
  const save = async (): Promise<void> => {
    if (!(await editing.save())) return;
    letGo();
    // What is scheduled has a next step: nobody finds it before it stands on the schedule.
    const next = isNew && editing.values.availability === "scheduled" ? { label: d.sessions.toSchedule, onSelect: () => navigate("/dashboard/schedule") } : undefined;
    tell(isNew ? d.sessions.form.created : d.sessions.form.saved, "info", next);
    if (saver.made !== undefined) navigate(`/dashboard/sessions/${saver.made}`, { replace: true });
    else onSaved();
  };
  return {
    editing,
    question,
    save: () => void save(),
    unlinking: {
      from,
      confirm: () => setUnlink(true),
      close: () => setFrom(undefined),
    },
  };
}

function incomplete(session: Draft): Readonly<Record<string, string>> {
  return missing(session, "title", ...(session.watch_policy === "tickets" ? (["ticket_types"] as const) : []));
}

/** Follows one down the page: what is to be saved, and the button for it. */
function SaveBar({ editing, isNew }: { editing: Editing<Draft>; isNew: boolean }) {
  const f = d.sessions.form;
  return (
    <div className={styles["bar"]}>
      {editing.problem !== undefined && (
        <p role="alert" className={styles["problem"]} data-testid="form-problem">
          {editing.problem}
        </p>
      )}
      <span role="status" className={styles["said"]}>
        {editing.dirty ? f.unsaved : isNew ? "" : f.allSaved}
      </span>
      {editing.dirty && !isNew && (
        <Button onClick={editing.discard} disabled={editing.busy} data-testid="discard">
          {f.discard}
        </Button>
      )}
      <Button type="submit" look="primary" busy={editing.busy} disabled={!isNew && !editing.dirty} data-testid="save-session">
        {isNew ? f.create : f.save}
      </Button>
    </div>
  );
}
