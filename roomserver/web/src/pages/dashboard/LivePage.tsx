import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

export function LivePage() {
  return <PageHeading title={d.frame.pages.live} />;
}
