/**
 * Diagnostics for support and tests, on `window.__roomserver` in every build. Reads only:
 *
 * - `stats()`: what each media connection carries now: `watch.video` by slot (frames decoded, freezes, size),
 *   `watch.audio` by slot (energy heard), and `publish` by seat and layer (frames and bytes sent).
 * - `snapshot()`: status and documents as the page has them.
 */
import type { Room, Snapshot } from "roomserver-client";

export interface InboundVideo {
  seat: string | undefined;
  framesDecoded: number;
  freezeCount: number;
  totalFreezesDuration: number;
  width: number;
  height: number;
  packetsLost: number;
  nackCount: number;
  pliCount: number;
}

export interface InboundAudio {
  /** Grows while something is heard (RTCInboundRtpStreamStats.totalAudioEnergy). */
  energy: number;
  packetsReceived: number;
}

export interface Outbound {
  kind: string;
  rid: string | undefined;
  active: boolean;
  framesEncoded: number;
  bytesSent: number;
  packetsSent: number;
  width: number;
  height: number;
}

export interface Stats {
  watch: { state: string; video: Record<string, InboundVideo>; audio: Record<string, InboundAudio> } | undefined;
  publish: Record<string, { state: string; streams: Outbound[] }>;
}

type Entry = Record<string, unknown> & { type: string };

function numberOf(entry: Entry, field: string): number {
  const value = entry[field];
  return typeof value === "number" ? value : 0;
}

async function entries(peer: { getStats(): Promise<unknown> }): Promise<Entry[]> {
  return [...((await peer.getStats()) as Map<string, Entry>).values()];
}

async function watchStats(room: Room): Promise<Stats["watch"]> {
  const watcher = room.watcher;
  const peer = watcher?.connection;
  if (watcher === undefined || peer === undefined) return undefined;
  const seatOf = new Map(Object.entries(room.snapshot.room?.seats ?? {}).map(([seat, { slot }]) => [slot, seat]));
  const slotOf = new Map<string, string>();
  watcher.audioTracks().forEach((track, index) => slotOf.set(track.id, `a${index}`));
  watcher.videoTracks().forEach((track, index) => slotOf.set(track.id, `v${index}`));
  const video: Record<string, InboundVideo> = {};
  const audio: Record<string, InboundAudio> = {};
  for (const entry of await entries(peer)) {
    const slot = slotOf.get(String(entry["trackIdentifier"]));
    if (entry.type !== "inbound-rtp" || slot === undefined) continue;
    if (entry["kind"] === "audio") {
      audio[slot] = { energy: numberOf(entry, "totalAudioEnergy"), packetsReceived: numberOf(entry, "packetsReceived") };
    } else {
      video[slot] = {
        seat: seatOf.get(slot),
        framesDecoded: numberOf(entry, "framesDecoded"),
        freezeCount: numberOf(entry, "freezeCount"),
        totalFreezesDuration: numberOf(entry, "totalFreezesDuration"),
        width: numberOf(entry, "frameWidth"),
        height: numberOf(entry, "frameHeight"),
        packetsLost: numberOf(entry, "packetsLost"),
        nackCount: numberOf(entry, "nackCount"),
        pliCount: numberOf(entry, "pliCount"),
      };
    }
  }
  return { state: peer.connectionState, video, audio };
}

async function publishStats(room: Room): Promise<Stats["publish"]> {
  const result: Stats["publish"] = {};
  for (const { name, peer } of room.peerConnections()) {
    if (name === "watch") continue;
    const streams = (await entries(peer))
      .filter((entry) => entry.type === "outbound-rtp")
      .map((entry) => ({
        kind: String(entry["kind"]),
        rid: typeof entry["rid"] === "string" ? entry["rid"] : undefined,
        active: entry["active"] !== false,
        framesEncoded: numberOf(entry, "framesEncoded"),
        bytesSent: numberOf(entry, "bytesSent"),
        packetsSent: numberOf(entry, "packetsSent"),
        width: numberOf(entry, "frameWidth"),
        height: numberOf(entry, "frameHeight"),
      }));
    result[name] = { state: peer.connectionState, streams };
  }
  return result;
}

export interface Diagnostics {
  stats(): Promise<Stats>;
  snapshot(): Snapshot;
}

declare global {
  interface Window {
    __roomserver?: Diagnostics;
  }
}

/** Shows this room's diagnostics; the result takes them away. */
export function expose(room: Room): () => void {
  const diagnostics: Diagnostics = {
    stats: async () => ({ watch: await watchStats(room), publish: await publishStats(room) }),
    snapshot: () => room.snapshot,
  };
  window.__roomserver = diagnostics;
  return () => {
    if (window.__roomserver === diagnostics) delete window.__roomserver;
  };
}
