import { Ticket } from "lucide-react";
import { EmptyState } from "../../components/EmptyState";
import { d } from "../../messages/dashboard";
import { NamedList } from "./named/NamedList";

export function TicketsPage() {
  return (
    <NamedList
      kind="ticket-types"
      texts={{ ...d.tickets.list, title: d.frame.pages.tickets }}
      empty={
        <EmptyState testId="no-ticket-types" icon={<Ticket size={32} aria-hidden />} title={d.tickets.empty}>
          <p>{d.tickets.emptyHint}</p>
        </EmptyState>
      }
    />
  );
}
