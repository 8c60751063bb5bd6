import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function PresentersPage() {
  return <PageHeading title={d.frame.pages.presenters} />;
}
