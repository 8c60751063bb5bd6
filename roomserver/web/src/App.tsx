import { Route, Switch } from "wouter";
import { NoticeProvider } from "./components/Notices";
import { EndedPage } from "./session/EndedPage";
import { HomePage } from "./pages/HomePage";
import { SessionPage } from "./pages/SessionPage";
import { SignInPage } from "./pages/SignInPage";

export function App() {
  return (
    <NoticeProvider>
      <Switch>
        <Route path="/">
          <HomePage />
        </Route>
        <Route path="/signin">
          <SignInPage />
        </Route>
        <Route path="/sessions/:id">{({ id }) => <SessionPage id={id} />}</Route>
        <Route>
          <EndedPage ending={{ why: "refused", status: 404, message: "" }} onRejoin={() => undefined} />
        </Route>
      </Switch>
    </NoticeProvider>
  );
}
