import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function SchedulePage() {
  return <PageHeading title={d.frame.pages.schedule} />;
}
