import { Link2Off } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem } from "../browser/api/http";
import { signIn } from "../browser/api/me";
import { sayProblem } from "../browser/sayProblem";
import { Button, ButtonLink } from "../components/Button";
import { MessagePage, Spinner } from "../components/Page";
import { PRODUCT, t } from "../messages";

/** Read once, when the page is opened: the token leaves the address at once, so that nobody reads or keeps it there. */
const token = location.pathname === "/signin" ? location.hash.slice(1) : "";
const destination = new URLSearchParams(location.search).get("to") ?? "";
if (token !== "") history.replaceState(null, "", location.pathname + location.search);

/** Where a sign-in link leads: to a session of this event, or to the list of them. */
function target(to: string): string {
  return /^[A-Za-z0-9_-]+$/.test(to) ? `/sessions/${to}` : "/";
}

export function SignInPage() {
  const [, navigate] = useLocation();
  const [problem, setProblem] = useState<"link" | { say: string } | undefined>(token === "" ? "link" : undefined);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (token === "") return;
    let current = true;
    signIn(token).then(
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
    setAttempt(attempt + 1);
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
  return (
    <MessagePage
      icon={<Link2Off size={32} aria-hidden />}
      title={t.signIn.failedTitle}
      testId="sign-in-failed"
      actions={
        <ButtonLink href="/">{t.signIn.toHome}</ButtonLink>
      }
    >
      <p>{t.signIn.failed}</p>
    </MessagePage>
  );
}
