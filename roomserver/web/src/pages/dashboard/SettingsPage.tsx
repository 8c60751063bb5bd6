import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function SettingsPage() {
  return <PageHeading title={d.frame.pages.settings} />;
}
