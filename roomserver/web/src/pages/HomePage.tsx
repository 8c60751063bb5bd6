import { CalendarClock, KeyRound, MapPin } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { type EventInfo, readEvent } from "../browser/api/event";
import { type Me, signOut, whoAmI } from "../browser/api/me";
import { type SessionSummary, listSessions } from "../browser/api/sessions";
import { sayProblem } from "../browser/sayProblem";
import { Button } from "../components/Button";
import { MessagePage, Spinner } from "../components/Page";
import { PRODUCT, t } from "../messages";
import styles from "./HomePage.module.css";

const REFRESH = 30_000;

interface Home {
  event: EventInfo;
  me: Me | undefined;
  sessions: SessionSummary[];
}

async function load(): Promise<Home> {
  const [event, me] = await Promise.all([readEvent(), whoAmI()]);
  return { event, me, sessions: me === undefined ? [] : await listSessions() };
}

/** Only the first page of a visit leads on by itself: whoever comes back from a session wants the list. */
let arrived = false;

/** The list, kept fresh; undefined while a person with a single session is being led there. */
function useHome(attempt: number): { home: Home | undefined; problem: string | undefined } {
  const [home, setHome] = useState<Home>();
  const [problem, setProblem] = useState<string>();
  const [, navigate] = useLocation();
  useEffect(() => {
    let current = true;
    const show = (loaded: Home): void => {
      if (!current) return;
      const only = loaded.sessions.length === 1 ? loaded.sessions[0] : undefined;
      const first = !arrived;
      arrived = loaded.me !== undefined;
      if (first && only !== undefined) {
        navigate(`/sessions/${only.id}`, { replace: true });
        return;
      }
      setProblem(undefined);
      setHome(loaded);
    };
    const refresh = (): void => {
      load().then(show, (error: unknown) => {
        if (current) setProblem(sayProblem(error));
      });
    };
    refresh();
    const timer = setInterval(refresh, REFRESH);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [attempt, navigate]);
  return { home, problem };
}

export function HomePage() {
  const [attempt, setAttempt] = useState(0);
  const { home, problem } = useHome(attempt);

  const title = home?.event.name ?? PRODUCT;
  useEffect(() => {
    document.title = title;
  }, [title]);

  if (home === undefined) {
    return problem === undefined ? (
      <MessagePage title={PRODUCT}>
        <Spinner label={t.general.loading} />
      </MessagePage>
    ) : (
      <MessagePage
        title={t.general.somethingWrong}
        actions={
          <Button look="primary" onClick={() => setAttempt(attempt + 1)}>
            {t.general.tryAgain}
          </Button>
        }
      >
        <p role="alert">{problem}</p>
      </MessagePage>
    );
  }
  if (home.me === undefined) {
    return (
      <MessagePage icon={<KeyRound size={32} aria-hidden />} title={t.signIn.title} testId="sign-in-needed">
        <p>{t.signIn.explain}</p>
      </MessagePage>
    );
  }
  return <SessionList home={home} me={home.me} onSignedOut={() => setAttempt(attempt + 1)} />;
}

function SessionList({ home, me, onSignedOut }: { home: Home; me: Me; onSignedOut: () => void }) {
  return (
    <div className={styles["page"]}>
      <header className={styles["header"]}>
        <strong>{home.event.name}</strong>
        <div className={styles["me"]}>
          <span data-testid="signed-in-as">{t.general.signedInAs(me.name)}</span>
          <Button onClick={() => void signOut().then(onSignedOut)} data-testid="sign-out">
            {t.general.signOut}
          </Button>
        </div>
      </header>
      <main className={styles["main"]}>
        <h1>{t.home.title}</h1>
        {home.sessions.length === 0 ? (
          <div className={styles["empty"]}>
            <CalendarClock size={36} aria-hidden />
            <h2>{t.home.empty}</h2>
            <p>{t.home.emptyHint}</p>
          </div>
        ) : (
          <ul className={styles["list"]} data-testid="sessions">
            {home.sessions.map((session) => (
              <SessionCard key={session.id} session={session} />
            ))}
          </ul>
        )}
      </main>
    </div>
  );
}

function SessionCard({ session }: { session: SessionSummary }) {
  const live = session.live;
  return (
    <li>
      <Link href={`/sessions/${session.id}`} className={styles["card"] ?? ""} data-testid="session-card" data-session={session.id}>
        <h2>{session.title}</h2>
        {session.description !== undefined && session.description !== "" && <p>{session.description}</p>}
        <div className={styles["facts"]}>
          {live != null && live.seats_taken > 0 && <span className={styles["live"]}>{t.home.live}</span>}
          {live != null && live.seats_taken > 0 && <span>{t.home.onScreen(live.seats_taken)}</span>}
          {live != null && <span>{t.home.watching(live.viewers)}</span>}
          <span>{t.home.policies[session.share_policy]}</span>
          {session.location !== undefined && session.location !== "" && (
            <span>
              <MapPin size={14} aria-hidden />
              {session.location}
            </span>
          )}
        </div>
      </Link>
    </li>
  );
}
