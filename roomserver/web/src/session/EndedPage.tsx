import { DoorClosed, DoorOpen, KeyRound, MonitorSmartphone, ShieldX } from "lucide-react";
import type { ReactNode } from "react";
import type { Ending } from "roomserver-client";
import { Button, ButtonLink } from "../components/Button";
import { MessagePage } from "../components/Page";
import { t } from "../messages";

interface Farewell {
  text: { title: string; text: string };
  icon: ReactNode;
  /** What can be done about it, besides going to the list of sessions. */
  offer?: "rejoin" | "useHere" | "reload";
}

const SIZE = { size: 32, "aria-hidden": true } as const;

/** Every way in which a visit ends, in words. */
function farewell(ending: Ending): Farewell {
  switch (ending.why) {
    case "left":
      return { text: t.ended.left, icon: <DoorOpen {...SIZE} />, offer: "rejoin" };
    case "refused":
      if (ending.status === 401) return { text: t.ended.notSignedIn, icon: <KeyRound {...SIZE} />, offer: "rejoin" };
      if (ending.status === 403) return { text: t.ended.notAllowed, icon: <ShieldX {...SIZE} /> };
      return { text: t.ended.notFound, icon: <DoorClosed {...SIZE} /> };
    case "closed":
      return afterClose(ending.code);
  }
}

function afterClose(code: number): Farewell {
  switch (code) {
    case 1000:
      return { text: t.ended.left, icon: <DoorOpen {...SIZE} />, offer: "rejoin" };
    case 4100:
      return { text: t.ended.badHello, icon: <ShieldX {...SIZE} />, offer: "reload" };
    case 4101:
      return { text: t.ended.badTicket, icon: <KeyRound {...SIZE} />, offer: "rejoin" };
    case 4102:
      return { text: t.ended.removedFromSession, icon: <ShieldX {...SIZE} /> };
    case 4103:
      return { text: t.ended.takenOver, icon: <MonitorSmartphone {...SIZE} />, offer: "useHere" };
    case 4104:
      return { text: t.ended.closed, icon: <DoorClosed {...SIZE} /> };
    case 4105:
      return { text: t.ended.notUnderstood, icon: <ShieldX {...SIZE} />, offer: "reload" };
    default:
      return { text: t.ended.other, icon: <DoorClosed {...SIZE} />, offer: "rejoin" };
  }
}

export function EndedPage({ ending, onRejoin }: { ending: Ending; onRejoin: () => void }) {
  const { text, icon, offer } = farewell(ending);
  return (
    <MessagePage
      testId="ended"
      icon={icon}
      title={text.title}
      actions={
        <>
          {offer !== undefined && (
            <Button look="primary" data-testid="rejoin" onClick={offer === "reload" ? () => location.reload() : onRejoin}>
              {t.ended[offer]}
            </Button>
          )}
          <ButtonLink href="/">{t.ended.home}</ButtonLink>
        </>
      }
    >
      <p>{text.text}</p>
    </MessagePage>
  );
}
