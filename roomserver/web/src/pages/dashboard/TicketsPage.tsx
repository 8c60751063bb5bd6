import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function TicketsPage() {
  return <PageHeading title={d.frame.pages.tickets} />;
}
