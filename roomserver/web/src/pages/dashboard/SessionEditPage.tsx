import { PageHeading } from "../../components/PageFrame";
import { d } from "../../messages/dashboard";

/** A session's form; without an id, of one that is to be made. */
export function SessionEditPage({ id }: { id: string | undefined }) {
  return <PageHeading title={id ?? d.frame.pages.sessions} />;
}
