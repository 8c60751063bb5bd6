import { Suspense, lazy } from "react";
import { Route, Router, Switch } from "wouter";
import { aroundNavigation } from "./browser/leaving";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { NoticeProvider } from "./components/Notices";
import { MessagePage, Spinner } from "./components/Page";
import { PRODUCT, t } from "./messages";
import { loadDashboardTexts } from "./messages/dashboard";
import { HomePage } from "./pages/HomePage";
import { NotFoundPage } from "./pages/NotFoundPage";
import { SignInPage } from "./pages/SignInPage";

const Dashboard = lazy(async () => {
  const [{ Dashboard: component }] = await Promise.all([import("./dashboard/Dashboard"), loadDashboardTexts()]);
  return { default: component };
});

const SessionPage = lazy(async () => ({ default: (await import("./pages/SessionPage")).SessionPage }));

/** The design system at a glance, while developing. */
const Gallery = import.meta.env.DEV ? lazy(async () => ({ default: (await import("./gallery/Gallery")).Gallery })) : undefined;

export function App() {
  return (
    <ErrorBoundary>
      <NoticeProvider>
        <Router aroundNav={aroundNavigation}>
          <Suspense fallback={<Opening />}>
            <Switch>
              <Route path="/">
                <HomePage />
              </Route>
              <Route path="/signin">
                <SignInPage />
              </Route>
              <Route path="/sessions/:id">{({ id }) => <SessionPage id={id} />}</Route>
              <Route path="/dashboard/*?">
                <Dashboard />
              </Route>
              {Gallery !== undefined && (
                <Route path="/gallery">
                  <Gallery />
                </Route>
              )}
              <Route>
                <NotFoundPage />
              </Route>
            </Switch>
          </Suspense>
        </Router>
      </NoticeProvider>
    </ErrorBoundary>
  );
}

function Opening() {
  return (
    <MessagePage title={PRODUCT}>
      <Spinner label={t.general.loading} />
    </MessagePage>
  );
}
