/** How well one's own connection does, from what the browser counts. */

/** Sums over all streams since the connection began; times in seconds. */
export interface Counted {
  received: number;
  lost: number;
  frozen: number;
  /** Of the packets that one sends, the share that the server missed lately. */
  missed: number;
  roundTrip: number | undefined;
}

export interface Quality {
  level: "good" | "fair" | "weak";
  /** Share of packets, 0 to 1. */
  loss: number;
  /** Milliseconds. */
  roundTrip: number | undefined;
  frozen: boolean;
}

type Entry = Readonly<Record<string, unknown>>;

function numberOf(entry: Entry, field: string): number {
  const value = entry[field];
  return typeof value === "number" ? value : 0;
}

/** Adds up the entries of RTCPeerConnection.getStats() of all connections. */
export function count(entries: Iterable<Entry>): Counted {
  const counted: Counted = { received: 0, lost: 0, frozen: 0, missed: 0, roundTrip: undefined };
  for (const entry of entries) {
    if (entry["type"] === "inbound-rtp") {
      counted.received += numberOf(entry, "packetsReceived");
      counted.lost += Math.max(0, numberOf(entry, "packetsLost"));
      counted.frozen += numberOf(entry, "totalFreezesDuration");
    } else if (entry["type"] === "remote-inbound-rtp") {
      counted.missed = Math.max(counted.missed, numberOf(entry, "fractionLost"));
    } else if (entry["type"] === "candidate-pair" && entry["nominated"] === true && typeof entry["currentRoundTripTime"] === "number") {
      counted.roundTrip = Math.max(counted.roundTrip ?? 0, entry["currentRoundTripTime"]);
    }
  }
  return counted;
}

/** Worse than the first is fair, worse than the second is weak. */
const LOSS = [0.02, 0.08] as const;
const ROUND_TRIP = [0.25, 0.6] as const;
/** Seconds that pictures stood still, summed, in the time between two looks. */
const FROZEN = [0.5, 2] as const;

/** What happened between two looks. After a new connection, which counts from nothing, nothing is known. */
export function judge(before: Counted, after: Counted): Quality | undefined {
  const received = after.received - before.received;
  if (received < 0) return undefined;
  const lost = Math.max(0, after.lost - before.lost);
  const loss = Math.max(received + lost === 0 ? 0 : lost / (received + lost), after.missed);
  const frozen = Math.max(0, after.frozen - before.frozen);
  const worse = (step: 0 | 1): boolean => loss > LOSS[step] || (after.roundTrip ?? 0) > ROUND_TRIP[step] || frozen > FROZEN[step];
  return {
    level: worse(1) ? "weak" : worse(0) ? "fair" : "good",
    loss,
    roundTrip: after.roundTrip === undefined ? undefined : Math.round(after.roundTrip * 1_000),
    frozen: frozen > FROZEN[0],
  };
}
