import { Link2Off } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem } from "../browser/api/http";
import { signIn, whoAmI } from "../browser/api/me";
import { sayProblem } from "../browser/sayProblem";
import { Button, ButtonLink } from "../components/Button";
import { MessagePage, Spinner } from "../components/Page";
import { useResource } from "../components/useResource";
import { useTitle } from "../components/useTitle";
import { PRODUCT, t } from "../messages";

/** The token leaves the address at once, so that nobody reads or keeps it there. */
function takeToken(): string {
  const token = location.pathname === "/signin" ? location.hash.slice(1) : "";
  if (token !== "") history.replaceState(null, "", location.pathname + location.search);
  return token;
}

/** Taken as early as can be, when the page is opened. */
const opened = takeToken();
const destination = new URLSearchParams(location.search).get("to") ?? "";

/** Where a sign-in link leads: to a session of this event, or to the list of them. */
function target(to: string): string {
  return /^[A-Za-z0-9_-]+$/.test(to) ? `/sessions/${to}` : "/";
}

export function SignInPage() {
  const [, navigate] = useLocation();
  useTitle(t.signIn.page);
  // An object: the same token again is another try.
  const [attempt, setAttempt] = useState({ token: opened });
  const [problem, setProblem] = useState<"link" | { say: string } | undefined>(opened === "" ? "link" : undefined);

  useEffect(() => {
    // Another link, opened in this window: only its token is new, and the page isn't loaded again.
    const follow = (): void => {
      const token = takeToken();
      if (token === "") return;
      setProblem(undefined);
      setAttempt({ token });
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);

  useEffect(() => {
    if (attempt.token === "") return;
    let current = true;
    signIn(attempt.token).then(
      () => {
        if (current) navigate(target(destination), { replace: true });
      },
      (error: unknown) => {
        if (!current) return;
        const refused = error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 429;
        setProblem(refused ? "link" : { say: sayProblem(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [navigate, attempt]);

  if (problem === undefined) {
    return (
      <MessagePage title={PRODUCT}>
        <Spinner label={t.signIn.working} />
      </MessagePage>
    );
  }
  if (problem === "link") return <BadLink />;
  const again = (): void => {
    setProblem(undefined);
    setAttempt({ ...attempt });
  };
  return (
    <MessagePage
      title={t.general.somethingWrong}
      actions={
        <Button look="primary" onClick={again}>
          {t.general.tryAgain}
        </Button>
      }
    >
      <p role="alert">{problem.say}</p>
    </MessagePage>
  );
}

function BadLink() {
  const me = useResource(whoAmI).data;
  return (
    <MessagePage
      icon={<Link2Off size={32} aria-hidden />}
      title={t.signIn.failedTitle}
      testId="sign-in-failed"
      actions={<ButtonLink href="/">{t.signIn.toHome}</ButtonLink>}
    >
      <p role="alert">{t.signIn.failed}</p>
      {me !== undefined && <p data-testid="still-signed-in">{t.signIn.still(me.name)}</p>}
    </MessagePage>
  );
}
