import { ClipboardCheck, Plus } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { type EvaluationItem, listEvaluations, resultsFile } from "../../../browser/api/evaluations";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { EmptyState } from "../../../components/EmptyState";
import { LoadFailed } from "../../../components/Loaded";
import { Menu } from "../../../components/Menu";
import { More } from "../../../components/More";
import { PageHeading } from "../../../components/PageFrame";
import { Skeleton } from "../../../components/Progress";
import { type Column, Table } from "../../../components/Table";
import { usePages } from "../../../components/useResource";
import { useOrganizing } from "../../../dashboard/context";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import { dateTime, number } from "../../../messages/formats";
import { ChooseSession, DeleteEvaluation, UnlockEvaluation } from "./evaluationActions";

type Open = "add" | { action: "unlock" | "delete"; item: EvaluationItem };

/** The sessions that have an evaluation. */
export function EvaluationList() {
  const pages = usePages(listEvaluations);
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <PageHeading
        title={d.frame.pages.evaluations}
        actions={
          <Button look="primary" icon={<Plus size={18} aria-hidden />} onClick={() => setOpen("add")} data-testid="new-evaluation">
            {d.evaluations.add}
          </Button>
        }
      >
        <p>{d.evaluations.lead}</p>
      </PageHeading>
      {pages.items === undefined ? (
        pages.error === undefined ? <Skeleton /> : <LoadFailed error={pages.error} onRetry={pages.reload} />
      ) : (
        <>
          <Items items={pages.items} onAct={(action, item) => setOpen({ action, item })} />
          {pages.items.length > 0 && <More shown={pages.items.length} more={pages.more} busy={pages.busy} onMore={pages.loadMore} />}
        </>
      )}
      {open === "add" && <ChooseSession onClose={close} />}
      {typeof open === "object" && open.action === "unlock" && <UnlockEvaluation {...open.item} onUnlocked={pages.reload} onClose={close} />}
      {typeof open === "object" && open.action === "delete" && <DeleteEvaluation {...open.item} onDeleted={pages.reload} onClose={close} />}
    </>
  );
}

type Act = (action: "unlock" | "delete", item: EvaluationItem) => void;

function Items({ items, onAct }: { items: readonly EvaluationItem[]; onAct: Act }) {
  const columns: Column<EvaluationItem>[] = [
    {
      name: "session",
      label: d.evaluations.session,
      title: true,
      cell: ({ session, title }) => (
        <Link href={`/dashboard/evaluations?session=${session}`} data-testid="evaluation-link">
          <bdi>{title}</bdi>
        </Link>
      ),
    },
    { name: "state", label: d.evaluations.state, cell: (item) => <OpenState item={item} /> },
    { name: "questions", label: d.evaluations.questionCount, align: "end", cell: ({ questions }) => number(questions) },
    { name: "answers", label: d.evaluations.answers, align: "end", cell: ({ answered }) => number(answered) },
    { name: "actions", label: t.widgets.actions, hideLabel: true, align: "end", cell: (item) => <Actions item={item} onAct={onAct} /> },
  ];
  return <Table label={d.frame.pages.evaluations} columns={columns} rows={items} keyOf={({ session }) => session} empty={<NoEvaluations />} testId="evaluations" />;
}

/** Whether it can be answered, or when. */
export function OpenState({ item: { open, opens_at } }: { item: EvaluationItem }) {
  const { event } = useOrganizing();
  const later = opens_at === null ? d.evaluations.byHand : d.evaluations.opensAt(dateTime(opens_at, { zone: event.time_zone }));
  return (
    <Badge tone={open ? "good" : "plain"} testId="open-state">
      {open ? d.evaluations.open : later}
    </Badge>
  );
}

function Actions({ item, onAct }: { item: EvaluationItem; onAct: Act }) {
  return (
    <Menu
      label={d.evaluations.moreOf(item.title)}
      testId="evaluation-menu"
      items={[
        { label: d.evaluations.unlock, disabled: item.open, onSelect: () => onAct("unlock", item), testId: "unlock-evaluation" },
        // A file to keep: the page stays.
        { label: d.evaluations.download, disabled: item.answered === 0, onSelect: () => location.assign(resultsFile(item.session)), testId: "download-answers" },
        { label: d.evaluations.remove, danger: true, onSelect: () => onAct("delete", item), testId: "delete-evaluation" },
      ]}
    />
  );
}

function NoEvaluations() {
  return (
    <EmptyState testId="no-evaluations" icon={<ClipboardCheck size={32} aria-hidden />} title={d.evaluations.empty}>
      <p>{d.evaluations.emptyHint}</p>
    </EmptyState>
  );
}
