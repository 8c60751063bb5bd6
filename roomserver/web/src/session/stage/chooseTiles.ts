import type { Level, Seat } from "roomserver-client";

/** Who is shown: seat ids in their order on the page, and who of them was heard when. */
export interface Chosen {
  shown: readonly string[];
  /** On screen, but not shown. */
  overflow: readonly string[];
  /** Seat -> round in which it was last heard; never heard is absent. */
  heard: Readonly<Record<string, number>>;
  round: number;
}

export const nobody: Chosen = { shown: [], overflow: [], heard: {}, round: 0 };

export interface Stage {
  seats: Readonly<Record<string, Seat>>;
  speaking: readonly string[];
  /** One's own participant id: one's own tiles are always shown. */
  self: string | undefined;
  /** A seat that this person wants to see whatever happens. */
  pinned?: string | undefined;
  /** How many tiles there may be, one's own and screens included. */
  capacity: number;
}

/**
 * Who is shown next. Tiles stay where they are as long as they can: somebody who leaves is taken out, free
 * places go to those heard last and then to those longest on screen, a speaker who is not shown takes the
 * place of whoever has been silent longest, and a screen always comes forward.
 */
export function chooseTiles(before: Chosen, stage: Stage): Chosen {
  const ids = Object.keys(stage.seats);
  const round = before.round + 1;
  const heard: Record<string, number> = {};
  for (const id of ids) {
    const last = stage.speaking.includes(id) ? round : before.heard[id];
    if (last !== undefined) heard[id] = last;
  }
  const fixed = (id: string): boolean =>
    stage.seats[id]?.kind !== "camera" || stage.seats[id].participant === stage.self || id === stage.pinned;
  const since = (id: string): number => stage.seats[id]?.since ?? 0;
  // Most wanted first.
  const rank = (a: string, b: string): number =>
    Number(fixed(b)) - Number(fixed(a)) || (heard[b] ?? 0) - (heard[a] ?? 0) || since(a) - since(b) || (a < b ? -1 : 1);
  const wanted = [...ids].sort(rank);

  const shown = before.shown.filter((id) => Object.hasOwn(stage.seats, id)).slice(0, stage.capacity);
  const mustCome = wanted.filter((id) => (fixed(id) || stage.speaking.includes(id)) && !shown.includes(id));
  const rest = wanted.filter((id) => !shown.includes(id) && !mustCome.includes(id));
  for (const id of [...mustCome, ...rest]) {
    if (shown.length < stage.capacity) {
      shown.push(id);
    } else if (mustCome.includes(id)) {
      // A screen comes forward also where everybody speaks; a speaker doesn't push another speaker away.
      const givesWay = [...shown].sort(rank).findLast((other) => !fixed(other) && (fixed(id) || !stage.speaking.includes(other)));
      if (givesWay !== undefined) shown[shown.indexOf(givesWay)] = id;
    }
  }
  return { shown, overflow: wanted.filter((id) => !shown.includes(id)), heard, round };
}

/** From this width in physical pixels on, the small layer of a camera looks blurred. */
const HIGH_FROM = 420;

/** The layer that a tile of this width needs. */
export function levelFor(kind: Seat["kind"], physicalWidth: number): Level {
  return kind !== "camera" || physicalWidth >= HIGH_FROM ? "high" : "low";
}
