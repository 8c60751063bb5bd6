import { Plus, Users } from "lucide-react";
import { useCallback, useState } from "react";
import { type Named, allNamed } from "../../browser/api/named";
import { type Registrant, listRegistrants } from "../../browser/api/registrants";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { LoadFailed } from "../../components/Loaded";
import { More } from "../../components/More";
import { PageHeading } from "../../components/PageFrame";
import { Skeleton } from "../../components/Progress";
import { SearchField, Toolbar } from "../../components/SearchField";
import { Select } from "../../components/Select";
import { type Pages, usePages, useResource } from "../../components/useResource";
import { useSettled } from "../../components/useSettled";
import { BulkMenu } from "../../dashboard/bulk/BulkMenu";
import { d } from "../../messages/dashboard";
import { AddRegistrant, EditRegistrant } from "./registrants/RegistrantDialog";
import { type RegistrantAction, RegistrantTable } from "./registrants/RegistrantTable";
import { DeleteRegistrant, EndSignIns, SignInDialog } from "./registrants/registrantActions";

const loadTicketTypes = (signal: AbortSignal): Promise<Named[]> => allNamed("ticket-types", signal);

/** What is open: adding somebody, or doing something with one. */
type Open = "add" | { action: RegistrantAction; who: Registrant };

/** The people who may come: found, added, edited, let in and deleted. */
export function RegistrantsPage() {
  const [q, setQ] = useState("");
  const [ticket, setTicket] = useState("");
  const settled = useSettled(q.trim());
  const pages = usePages(useCallback((cursor: string | null, signal: AbortSignal) => listRegistrants(settled, ticket, cursor, signal), [settled, ticket]));
  const tickets = useResource(loadTicketTypes).data ?? [];
  const [open, setOpen] = useState<Open>();
  const actions = (
    <>
      <BulkMenu kind="registrants" onChanged={pages.reload} />
      <Button look="primary" icon={<Plus size={18} aria-hidden />} onClick={() => setOpen("add")} data-testid="add-registrant">
        {d.registrants.add}
      </Button>
    </>
  );
  const clear = (): void => {
    setQ("");
    setTicket("");
  };
  return (
    <>
      <PageHeading title={d.frame.pages.registrants} actions={actions}>
        <p>{d.registrants.lead}</p>
      </PageHeading>
      <Toolbar>
        <SearchField label={d.registrants.search} value={q} onChange={setQ} testId="find-registrants" />
        {tickets.length > 0 && (
          <Select
            label={d.registrants.ticketFilter}
            value={ticket}
            onChange={setTicket}
            options={[{ value: "", label: d.registrants.anyTicket }, ...tickets.map(({ id, name }) => ({ value: id, label: name }))]}
            testId="ticket-filter"
          />
        )}
      </Toolbar>
      <People pages={pages} tickets={tickets} onClear={q === "" && ticket === "" ? undefined : clear} onAct={(action, who) => setOpen({ action, who })} />
      <Dialogs
        open={open}
        tickets={tickets}
        tags={tagsOf(pages.items ?? [])}
        onChanged={pages.reload}
        onLink={(who) => setOpen({ action: "link", who })}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}

interface PeopleProps {
  pages: Pages<Registrant>;
  tickets: readonly Named[];
  /** Takes the filters away, where there are any. */
  onClear: (() => void) | undefined;
  onAct: (action: RegistrantAction, who: Registrant) => void;
}

function People({ pages, tickets, onClear, onAct }: PeopleProps) {
  if (pages.error !== undefined) return <LoadFailed error={pages.error} onRetry={pages.reload} />;
  if (pages.items === undefined) return <Skeleton />;
  if (pages.items.length === 0 && onClear !== undefined) {
    return (
      <EmptyState testId="nobody-found" icon={<Users size={32} aria-hidden />} title={d.registrants.noneFound} actions={<Button onClick={onClear}>{d.registrants.clearFilters}</Button>}>
        <p>{d.registrants.noneFoundHint}</p>
      </EmptyState>
    );
  }
  if (pages.items.length === 0) {
    return (
      <EmptyState testId="no-registrants" icon={<Users size={32} aria-hidden />} title={d.registrants.empty}>
        <p>{d.registrants.emptyHint}</p>
      </EmptyState>
    );
  }
  return (
    <>
      <RegistrantTable rows={pages.items} tickets={tickets} onAct={onAct} />
      <More shown={pages.items.length} more={pages.more} busy={pages.busy} onMore={pages.loadMore} testId="more-registrants" />
    </>
  );
}

interface DialogsProps {
  open: Open | undefined;
  tickets: readonly Named[];
  tags: readonly string[];
  onChanged: () => void;
  onLink: (who: Registrant) => void;
  onClose: () => void;
}

function Dialogs({ open, tickets, tags, onChanged, onLink, onClose }: DialogsProps) {
  if (open === undefined) return null;
  const shared = { tickets, tags, onChanged, onClose };
  if (open === "add") return <AddRegistrant {...shared} onLink={onLink} />;
  const { action, who } = open;
  switch (action) {
    case "edit":
      return <EditRegistrant id={who.id} {...shared} />;
    case "link":
      return <SignInDialog who={who} onClose={onClose} />;
    case "end":
      return <EndSignIns who={who} onClose={onClose} />;
    case "delete":
      return <DeleteRegistrant who={who} onDeleted={onChanged} onClose={onClose} />;
  }
}

/** Tags to suggest: those of the people who are listed. */
function tagsOf(people: readonly Registrant[]): string[] {
  return [...new Set(people.flatMap(({ tags }) => tags))];
}
