import { MonitorOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Level, Seat } from "roomserver-client";
import { t } from "../../messages";
import { Button } from "../../components/Button";
import { useSession, useSnapshot } from "../context";
import { OverflowTile } from "./OverflowTile";
import styles from "./Stage.module.css";
import { Tile } from "./Tile";
import { type Chosen, chooseTiles, levelFor, nobody } from "./chooseTiles";
import { type Size, grid, presentation } from "./layout";
import { usePageVisible, useSize } from "./useSize";

/** Tiles shown by default (product section 6), besides the overflow tile. */
const TILES = 16;
const GAP = 8;
const NARROW = 600;

/** Who is shown, kept from one change of the room to the next so that tiles stay where they are. */
function useChosen(capacity: number): Chosen {
  const { room, you, speaking } = useSnapshot();
  const [chosen, setChosen] = useState(nobody);
  const [basis, setBasis] = useState<unknown[]>([]);
  const next = [room?.seats, speaking, you?.participant, capacity];
  if (next.some((part, index) => part !== basis[index])) {
    // Derived from what came before: set while rendering, as React asks for.
    setBasis(next);
    setChosen(chooseTiles(chosen, { seats: room?.seats ?? {}, speaking, self: you?.participant, capacity }));
  }
  return chosen;
}

/** Tells the server which seats are on the page and how large. */
function useView(shown: readonly string[], seats: Readonly<Record<string, Seat>>, widthOf: (seat: Seat) => number): void {
  const { room } = useSession();
  const visible = usePageVisible();
  const levels: Record<string, Level> = {};
  for (const id of visible ? shown : []) {
    const seat = seats[id];
    if (seat?.video !== true) continue;
    levels[id] = levelFor(seat.kind, widthOf(seat) * window.devicePixelRatio);
  }
  const view = JSON.stringify(levels);
  useEffect(() => room.show(JSON.parse(view) as Record<string, Level>), [room, view]);
}

export function Stage() {
  const { room, you, speaking } = useSnapshot();
  const element = useRef<HTMLElement>(null);
  const size = useSize(element);
  const [everybody, setEverybody] = useState(false);
  const chosen = useChosen(everybody ? 50 : TILES);

  const seats = room?.seats ?? {};
  const shown = chosen.shown.filter((id) => Object.hasOwn(seats, id));
  const screens = shown.filter((id) => seats[id]?.kind !== "camera");
  const cameras = shown.filter((id) => seats[id]?.kind === "camera");
  const cells = cameras.length + (chosen.overflow.length > 0 ? 1 : 0);

  const narrow = size.width < NARROW;
  const cameraShape = { gap: GAP, narrowest: narrow ? 1 : 4 / 3, widest: 16 / 9 };
  const areas = presentation(size, cells, GAP);
  const presenting = screens.length > 0;
  const cameraGrid = grid(presenting ? areas.side : size, cells, cameraShape);
  const screenGrid = grid(areas.main, screens.length, { gap: GAP, narrowest: 1.6, widest: 2.4 });

  useView(shown, seats, (seat) => (seat.kind === "camera" ? cameraGrid : screenGrid).tile.width);

  const tile = (id: string, box: Size) => {
    const seat = seats[id];
    return seat && <Tile key={id} id={id} seat={seat} size={box} speaking={speaking.includes(id)} mine={seat.participant === you?.participant} />;
  };

  return (
    <section id="stage" className={styles["stage"]} aria-label={t.room.stage} data-testid="stage" tabIndex={-1}>
      <div className={styles["area"]} ref={element as React.RefObject<HTMLDivElement>} data-direction={presenting ? areas.direction : undefined}>
        {shown.length === 0 && <EmptyStage />}
        {presenting && (
          <div className={styles["tiles"]} style={areas.main} data-testid="presentation">
            {screens.map((id) => tile(id, screenGrid.tile))}
          </div>
        )}
        {cells > 0 && (
          <div className={styles["tiles"]} style={presenting ? areas.side : undefined}>
            {cameras.map((id) => tile(id, cameraGrid.tile))}
            {chosen.overflow.length > 0 && (
              <OverflowTile
                names={chosen.overflow.map((id) => ({ id: seats[id]?.participant ?? id, name: seats[id]?.name ?? "" }))}
                size={cameraGrid.tile}
                onShowAll={() => setEverybody(true)}
              />
            )}
          </div>
        )}
      </div>
      {everybody && Object.keys(seats).length > TILES && (
        <Button className={styles["fewer"]} onClick={() => setEverybody(false)}>
          {t.tile.showFewer}
        </Button>
      )}
    </section>
  );
}

function EmptyStage() {
  const { you } = useSnapshot();
  return (
    <div className={styles["empty"]} data-testid="empty-stage">
      <MonitorOff size={40} aria-hidden />
      <h2>{t.room.emptyStage}</h2>
      <p>{you?.can_share === true ? t.room.emptyStageShare : t.room.emptyStageWatch}</p>
    </div>
  );
}
