import { useCallback } from "react";
import type { Versioned } from "../../../browser/api/http";
import { type Segment, type SegmentDraft, changeSegment, createSegment, deleteSegment, readSegment } from "../../../browser/api/segments";
import { sayProblem } from "../../../browser/sayProblem";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { Dialog } from "../../../components/Dialog";
import { Loaded } from "../../../components/Loaded";
import { useTell } from "../../../components/Notices";
import { Problem } from "../../../components/Problem";
import { useResource } from "../../../components/useResource";
import { ConflictDialog } from "../../../dashboard/ConflictDialog";
import { useOrganizing } from "../../../dashboard/context";
import { missing } from "../../../dashboard/missing";
import { useEditing } from "../../../dashboard/useEditing";
import { useFocusWrong } from "../../../dashboard/useFocusWrong";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import { dateTime, list } from "../../../messages/formats";
import styles from "./Schedule.module.css";
import { SegmentFields } from "./SegmentFields";
import { type Plan, onlyIn, titleOf } from "./plan";

interface SharedProps {
  plan: Plan;
  onChanged: () => void;
  onClose: () => void;
}

export function AddSegment({ start, ...props }: SharedProps & { start: SegmentDraft }) {
  return (
    <SegmentForm
      start={{ value: start, etag: "" }}
      send={(changes) => createSegment({ ...start, ...changes })}
      title={d.schedule.addTitle}
      saved={d.schedule.added}
      id={undefined}
      {...props}
    />
  );
}

export function EditSegment({ id, ...props }: SharedProps & { id: string }) {
  const read = useResource(useCallback((signal: AbortSignal) => readSegment(id, signal), [id]));
  if (read.data !== undefined) {
    return (
      <SegmentForm
        start={read.data}
        send={(changes, etag) => changeSegment(id, changes, etag)}
        title={d.schedule.editTitle}
        saved={d.schedule.saved}
        id={id}
        {...props}
      />
    );
  }
  return (
    <Dialog wide title={d.schedule.editTitle} onClose={props.onClose}>
      <Loaded resource={read}>{() => null}</Loaded>
    </Dialog>
  );
}

interface FormProps extends SharedProps {
  start: Versioned<SegmentDraft>;
  send: (changes: Partial<SegmentDraft>, etag: string) => Promise<Versioned<SegmentDraft>>;
  title: string;
  saved: (title: string) => string;
  id: string | undefined;
}

function SegmentForm({ start, send, title, saved, id, plan, onChanged, onClose }: FormProps) {
  const editing = useEditing(start, send, (values) => missing(values, "title", "starts_at", "ends_at"));
  const form = useFocusWrong(editing.refusals);
  const { event } = useOrganizing();
  const tell = useTell();
  const save = async (): Promise<void> => {
    if (!(await editing.save())) return;
    tell(saved(editing.values.title.trim()));
    onChanged();
    onClose();
  };
  return (
    <>
      <Dialog
        wide
        title={title}
        onClose={onClose}
        testId="segment-dialog"
        actions={
          <>
            <Button onClick={onClose}>{t.general.cancel}</Button>
            <Button type="submit" form="segment" look="primary" busy={editing.busy} data-testid="save-segment">
              {t.general.save}
            </Button>
          </>
        }
      >
        <form
          ref={form}
          id="segment"
          className={styles["form"]}
          noValidate
          onSubmit={(submit) => {
            submit.preventDefault();
            if (!editing.busy) void save();
          }}
        >
          <SegmentFields editing={editing} id={id} plan={plan} />
        </form>
        {editing.problem !== undefined && <Problem>{editing.problem}</Problem>}
      </Dialog>
      <ConflictDialog editing={editing} labelOf={labelOf} show={(field, draft) => show(field, draft, plan, event.time_zone)} />
    </>
  );
}

export function DeleteSegment({ segment, plan, onChanged, onClose }: SharedProps & { segment: Segment }) {
  const tell = useTell();
  const orphans = onlyIn(segment, plan.segments);
  return (
    <ConfirmDialog
      title={d.schedule.removeTitle(segment.title)}
      action={d.schedule.removeAction}
      onConfirm={async () => {
        await deleteSegment(segment.id);
        tell(d.schedule.removed(segment.title));
        onChanged();
      }}
      sayError={sayProblem}
      onClose={onClose}
      testId="confirm-delete"
    >
      <p>{d.schedule.removeHint}</p>
      {orphans.length > 0 && <p>{d.schedule.removeOrphans(list(orphans.map((id) => titleOf(id, plan))))}</p>}
    </ConfirmDialog>
  );
}

const LABELS = { title: "title", description: "description", location: "location", starts_at: "starts", ends_at: "ends", sessions: "sessions" } as const;

function labelOf(field: keyof SegmentDraft): string {
  return d.schedule[LABELS[field]];
}

function show(field: keyof SegmentDraft, draft: SegmentDraft, plan: Plan, zone: string): string {
  if (field === "sessions") return list(draft.sessions.map((id) => titleOf(id, plan)));
  const value = draft[field] ?? "";
  return (field === "starts_at" || field === "ends_at") && value !== "" ? dateTime(value, { zone }) : value;
}
