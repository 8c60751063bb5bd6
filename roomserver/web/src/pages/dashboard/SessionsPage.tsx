import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function SessionsPage() {
  return <PageHeading title={d.frame.pages.sessions} />;
}
