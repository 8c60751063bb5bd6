import { type RefObject, useEffect, useMemo, useState } from "react";
import type { Level, Seat } from "roomserver-client";
import { useSession, useSnapshot } from "../context";
import { type Chosen, chooseTiles, levelFor, nobody } from "./chooseTiles";
import { type Presentation, type Size, grid, presentation } from "./layout";
import { pageOf } from "./pages";
import { useFullscreen } from "./useFullscreen";
import { usePageVisible, useSize } from "./useSize";

/** Tiles shown by default (product section 6), besides the overflow tile. */
export const TILES = 16;
const GAP = 8;
const NARROW = 600;

const NO_SEATS: Readonly<Record<string, Seat>> = {};

/** Who is shown, kept from one change of the room to the next so that tiles stay where they are. */
function useChosen(capacity: number, pinned: string | undefined): Chosen {
  const { room, you, speaking } = useSnapshot();
  const [chosen, setChosen] = useState(nobody);
  const [basis, setBasis] = useState<unknown[]>([]);
  const next = [room?.seats, speaking, you?.participant, capacity, pinned];
  if (next.some((part, index) => part !== basis[index])) {
    // Derived from what came before: set while rendering, as React asks for.
    setBasis(next);
    setChosen(chooseTiles(chosen, { seats: room?.seats ?? {}, speaking, self: you?.participant, pinned, capacity }));
  }
  return chosen;
}

/** Tells the server which seats are on the page and how large. */
function useView(shown: readonly string[], seats: Readonly<Record<string, Seat>>, widthOf: (id: string) => number): void {
  const { room } = useSession();
  const visible = usePageVisible();
  const levels: Record<string, Level> = {};
  for (const id of visible ? shown : []) {
    const seat = seats[id];
    if (seat?.video !== true) continue;
    levels[id] = levelFor(seat.kind, widthOf(id) * window.devicePixelRatio);
  }
  const view = JSON.stringify(levels);
  useEffect(() => room.show(JSON.parse(view) as Record<string, Level>), [room, view]);
}

/** A size that stays the same object while it says the same. */
function useSameSize({ width, height }: Size): Size {
  return useMemo(() => ({ width, height }), [width, height]);
}

/** What this person wants to see. */
interface Wish {
  everybody: boolean;
  page: number;
  pinned: string | undefined;
}

interface StageView {
  /** Seats in the large area: what is pinned, or else everything that is shared. */
  large: readonly string[];
  /** Seats in the grid, or in the strip beside the large area. */
  cameras: readonly string[];
  /** On screen without a tile of their own. */
  beyond: readonly string[];
  /** Places in the grid, with that of the overflow tile. */
  cells: number;
  /** The pinned seat, while there is one. */
  pinned: string | undefined;
  page: number;
  pages: number;
  areas: Presentation;
  largeSize: Size;
  cameraSize: Size;
}

/** Which seats are where on the stage, and how large; the server is told what is needed for that. */
export function useStageView(element: RefObject<HTMLElement | null>, wish: Wish): StageView {
  const seats = useSnapshot().room?.seats ?? NO_SEATS;
  const size = useSize(element);
  const filling = useFullscreen();
  const here = (id: string): boolean => Object.hasOwn(seats, id);
  const pinned = wish.pinned !== undefined && here(wish.pinned) ? wish.pinned : undefined;
  const chosen = useChosen(wish.everybody ? 50 : TILES, pinned);

  const present = chosen.shown.filter(here);
  const large = present.filter((id) => (pinned === undefined ? seats[id]?.kind !== "camera" : id === pinned));
  const overflow = chosen.overflow.filter(here);
  const first = present.filter((id) => !large.includes(id));
  const { cameras, page, pages } = pageOf(first, overflow, seats, wish.page, TILES);
  const beyond = page === 0 ? overflow : [];
  const cells = cameras.length + (beyond.length > 0 ? 1 : 0);

  const areas = presentation(size, cells, GAP);
  const cameraShape = { gap: GAP, narrowest: size.width < NARROW ? 1 : 4 / 3, widest: 16 / 9 };
  const cameraSize = useSameSize(grid(large.length > 0 ? areas.side : size, cells, cameraShape).tile);
  const largeShape = { gap: GAP, narrowest: pinned === undefined ? 1.6 : 4 / 3, widest: 2.4 };
  const largeSize = useSameSize(grid(areas.main, large.length, largeShape).tile);

  const alone = filling instanceof HTMLElement ? filling.dataset["seat"] : undefined;
  const widthOf = (id: string): number => (id === alone ? window.screen.width : (large.includes(id) ? largeSize : cameraSize).width);
  useView([...large, ...cameras], seats, widthOf);
  return { large, cameras, beyond, cells, pinned, page, pages, areas, largeSize, cameraSize };
}
