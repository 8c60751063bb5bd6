import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function EvaluationsPage() {
  return <PageHeading title={d.frame.pages.evaluations} />;
}
