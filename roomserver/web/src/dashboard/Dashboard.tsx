import { ShieldX } from "lucide-react";
import { type ComponentType, Suspense, lazy } from "react";
import { Route, Switch } from "wouter";
import { type EventInfo, readEvent } from "../browser/api/event";
import { type Me, whoAmI } from "../browser/api/me";
import { sayProblem } from "../browser/sayProblem";
import { Button, ButtonLink } from "../components/Button";
import { MessagePage, Spinner } from "../components/Page";
import { Skeleton } from "../components/Progress";
import { useResource } from "../components/useResource";
import { useTitle } from "../components/useTitle";
import { t } from "../messages";
import { d } from "../messages/dashboard";
import { NotFoundPage } from "../pages/NotFoundPage";
import { DashboardFrame } from "./DashboardFrame";
import { OrganizingContext } from "./context";

/** A page that is loaded when it is opened. */
function page<Name extends string, Props extends object>(load: () => Promise<Record<Name, ComponentType<Props>>>, name: Name) {
  return lazy(async () => ({ default: (await load())[name] }));
}

const LivePage = page(() => import("../pages/dashboard/LivePage"), "LivePage");
const SessionsPage = page(() => import("../pages/dashboard/SessionsPage"), "SessionsPage");
const SessionEditPage = page(() => import("../pages/dashboard/SessionEditPage"), "SessionEditPage");
const SchedulePage = page(() => import("../pages/dashboard/SchedulePage"), "SchedulePage");
const RegistrantsPage = page(() => import("../pages/dashboard/RegistrantsPage"), "RegistrantsPage");
const TicketsPage = page(() => import("../pages/dashboard/TicketsPage"), "TicketsPage");
const PresentersPage = page(() => import("../pages/dashboard/PresentersPage"), "PresentersPage");
const EvaluationsPage = page(() => import("../pages/dashboard/EvaluationsPage"), "EvaluationsPage");
const RecordingsPage = page(() => import("../pages/dashboard/RecordingsPage"), "RecordingsPage");
const SettingsPage = page(() => import("../pages/dashboard/SettingsPage"), "SettingsPage");

async function load(signal: AbortSignal): Promise<{ me: Me | undefined; event: EventInfo }> {
  const [me, event] = await Promise.all([whoAmI(signal), readEvent(signal)]);
  return { me, event };
}

/** The organizers' part: nobody else comes in. */
export function Dashboard() {
  const visit = useResource(load);
  useTitle(d.frame.title);
  if (visit.data === undefined) {
    return visit.error === undefined ? (
      <MessagePage title={d.frame.title}>
        <Spinner label={t.general.loading} />
      </MessagePage>
    ) : (
      <MessagePage title={t.general.somethingWrong} actions={<Button look="primary" onClick={visit.reload}>{t.general.tryAgain}</Button>}>
        <p role="alert">{sayProblem(visit.error)}</p>
      </MessagePage>
    );
  }
  const { me, event } = visit.data;
  if (me?.role !== "organizer") return <OrganizersOnly me={me} />;
  return (
    <OrganizingContext value={{ me, event, onEventChanged: visit.reload }}>
      <DashboardFrame>
        <Suspense fallback={<Skeleton rows={4} />}>
          <Pages />
        </Suspense>
      </DashboardFrame>
    </OrganizingContext>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/dashboard" component={LivePage} />
      <Route path="/dashboard/sessions" component={SessionsPage} />
      <Route path="/dashboard/sessions/new">
        <SessionEditPage key="new" id={undefined} />
      </Route>
      <Route path="/dashboard/sessions/:id">{({ id }) => <SessionEditPage key={id} id={id} />}</Route>
      <Route path="/dashboard/schedule" component={SchedulePage} />
      <Route path="/dashboard/registrants" component={RegistrantsPage} />
      <Route path="/dashboard/tickets" component={TicketsPage} />
      <Route path="/dashboard/presenters" component={PresentersPage} />
      <Route path="/dashboard/evaluations" component={EvaluationsPage} />
      <Route path="/dashboard/recordings" component={RecordingsPage} />
      <Route path="/dashboard/settings" component={SettingsPage} />
      <Route>
        <NotFoundPage within="dashboard" />
      </Route>
    </Switch>
  );
}

function OrganizersOnly({ me }: { me: Me | undefined }) {
  return (
    <MessagePage
      testId="organizers-only"
      icon={<ShieldX size={32} aria-hidden />}
      title={t.general.organizersTitle}
      actions={<ButtonLink href="/">{t.general.toHome}</ButtonLink>}
    >
      <p>{me === undefined ? t.general.organizersSignIn : t.general.organizersOther(me.name)}</p>
    </MessagePage>
  );
}
