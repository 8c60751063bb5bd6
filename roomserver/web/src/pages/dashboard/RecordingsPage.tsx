import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function RecordingsPage() {
  return <PageHeading title={d.frame.pages.recordings} />;
}
