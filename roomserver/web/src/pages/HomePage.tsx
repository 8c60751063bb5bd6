import { KeyRound } from "lucide-react";
import { Redirect } from "wouter";
import { type EventInfo, readEvent } from "../browser/api/event";
import { type Me, whoAmI } from "../browser/api/me";
import { readLanding } from "../browser/api/schedule";
import { LoadFailed } from "../components/Loaded";
import { MessagePage } from "../components/Page";
import { PageFrame } from "../components/PageFrame";
import { useResource } from "../components/useResource";
import { useTitle } from "../components/useTitle";
import { PRODUCT, t } from "../messages";
import { Reception, ReceptionSkeleton } from "./reception/Reception";

interface Arrival {
  event: EventInfo;
  me: Me | undefined;
  /** The session to go straight into. */
  landing: string | null;
}

/**
 * Only who opens the event lands straight in its session: whoever opened a session, and comes from there, wants the
 * lists, and so does whoever comes back.
 */
let opening = location.pathname === "/" || location.pathname === "/signin";

async function arrive(signal: AbortSignal): Promise<Arrival> {
  const [event, me] = await Promise.all([readEvent(signal), whoAmI(signal)]);
  if (me === undefined) return { event, me, landing: null };
  const landing = opening && me.role === "attendee" ? await readLanding(signal) : null;
  opening = false;
  return { event, me, landing };
}

export function HomePage() {
  const arrival = useResource(arrive);
  const { data, error } = arrival;
  useTitle(data?.event.name);
  if (data === undefined) {
    return (
      <PageFrame name={PRODUCT}>
        {error === undefined ? <ReceptionSkeleton /> : <LoadFailed error={error} onRetry={arrival.reload} />}
      </PageFrame>
    );
  }
  if (data.me === undefined) return <Visitor event={data.event} />;
  if (data.landing !== null) return <Redirect to={`/sessions/${data.landing}`} replace />;
  return <Reception event={data.event} me={data.me} onSignedOut={arrival.reload} />;
}

function Visitor({ event }: { event: EventInfo }) {
  return (
    <MessagePage icon={<KeyRound size={32} aria-hidden />} title={event.name} testId="sign-in-needed">
      <p>
        <strong>{t.signIn.title}</strong>
      </p>
      <p>{t.signIn.explain}</p>
      <p>{t.signIn.lost}</p>
    </MessagePage>
  );
}
