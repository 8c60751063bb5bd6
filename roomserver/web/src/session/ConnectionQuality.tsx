import { Signal, SignalLow, SignalMedium } from "lucide-react";
import { useEffect, useState } from "react";
import type { Room } from "roomserver-client";
import { t } from "../messages";
import styles from "./ConnectionQuality.module.css";
import { useSession, useSnapshot } from "./context";
import { type Counted, type Quality, count, judge } from "./quality";

const LOOK_EVERY = 5_000;

const icons = { good: Signal, fair: SignalMedium, weak: SignalLow };

async function lookAt(room: Room): Promise<Counted | undefined> {
  const reports = await Promise.all(room.peerConnections().map(({ peer }) => peer.getStats() as Promise<Map<string, Record<string, unknown>>>));
  return reports.length === 0 ? undefined : count(reports.flatMap((report) => [...report.values()]));
}

/** Looks again every few seconds; undefined until it has looked twice, and while there is no media. */
function useQuality(): Quality | undefined {
  const { room } = useSession();
  const { phase } = useSnapshot().status;
  const [quality, setQuality] = useState<Quality>();
  useEffect(() => {
    if (phase !== "in") return;
    let before: Counted | undefined;
    let current = true;
    const look = async (): Promise<void> => {
      if (document.visibilityState === "hidden") return;
      const after = await lookAt(room).catch(() => undefined);
      if (!current) return;
      setQuality(before && after && judge(before, after));
      before = after;
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [room, phase]);
  return phase === "in" ? quality : undefined;
}

/** Bars, and words for those who point at them or hear the page. */
export function ConnectionQuality() {
  const quality = useQuality();
  if (quality === undefined) return null;
  const Icon = icons[quality.level];
  const details = [
    quality.loss >= 0.01 && t.quality.loss(quality.loss),
    quality.roundTrip !== undefined && t.quality.roundTrip(quality.roundTrip),
    quality.frozen && t.quality.frozen,
  ].filter((part) => part !== false);
  const words = details.length === 0 ? t.quality[quality.level] : `${t.quality[quality.level]} (${details.join(", ")})`;
  return (
    <span className={styles["quality"]} title={words} data-level={quality.level} data-testid="connection-quality">
      <Icon size={20} className="points" aria-hidden />
      <span className="visually-hidden">{words}</span>
    </span>
  );
}
