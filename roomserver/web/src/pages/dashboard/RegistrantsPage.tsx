import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function RegistrantsPage() {
  return <PageHeading title={d.frame.pages.registrants} />;
}
