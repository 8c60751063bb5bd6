import { Compass } from "lucide-react";
import { ButtonLink } from "../components/Button";
import { EmptyState } from "../components/EmptyState";
import { MessagePage } from "../components/Page";
import { PageHeading } from "../components/PageFrame";
import { useTitle } from "../components/useTitle";
import { t } from "../messages";

/** For an address that leads nowhere: a page of its own, or within the dashboard's frame. */
export function NotFoundPage({ within }: { within?: "dashboard" }) {
  useTitle(t.general.notFoundTitle);
  if (within === "dashboard") {
    return (
      <>
        <PageHeading title={t.general.notFoundTitle} />
        <EmptyState testId="not-found" icon={<Compass size={32} aria-hidden />} title={t.general.notFound} />
      </>
    );
  }
  return (
    <MessagePage
      testId="not-found"
      icon={<Compass size={32} aria-hidden />}
      title={t.general.notFoundTitle}
      actions={<ButtonLink href="/">{t.general.toHome}</ButtonLink>}
    >
      <p>{t.general.notFound}</p>
    </MessagePage>
  );
}
