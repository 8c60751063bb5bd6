import { ChevronLeft, ChevronRight, Minimize, MonitorOff } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import type { Seat } from "roomserver-client";
import { t } from "../../messages";
import { Button, IconButton } from "../../components/Button";
import { useSnapshot } from "../context";
import { VideoTile } from "../video/VideoTile";
import { OverflowTile } from "./OverflowTile";
import styles from "./Stage.module.css";
import { Tile } from "./Tile";
import type { Size } from "./layout";
import { useFullscreen } from "./useFullscreen";
import { TILES, useStageView } from "./useStageView";

export function Stage() {
  const { room } = useSnapshot();
  const seats = room?.seats ?? {};
  const element = useRef<HTMLDivElement>(null);
  const filling = useFullscreen();
  const [everybody, setEverybody] = useState(false);
  const [wantedPage, setWantedPage] = useState(0);
  const [pinned, setPinned] = useState<string>();
  const view = useStageView(element, { everybody, page: wantedPage, pinned });
  const { large, cameras, beyond, page, pages, areas } = view;
  const presenting = large.length > 0;

  const tile = (id: string, box: Size) => <AnyTile key={id} id={id} seat={seats[id]} size={box} pinned={id === view.pinned} onPin={setPinned} />;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (step === undefined || pages === 1 || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    setWantedPage(Math.max(0, Math.min(page + step, pages - 1)));
  };

  return (
    <section id="stage" className={styles["stage"]} aria-label={t.room.stage} data-testid="stage" tabIndex={-1} onKeyDown={onKeyDown}>
      <div className={styles["area"]} ref={element} data-direction={presenting ? areas.direction : undefined}>
        {view.cells === 0 && !presenting && <EmptyStage />}
        {presenting && (
          <div className={styles["tiles"]} style={areas.main} data-testid="presentation">
            {large.map((id) => tile(id, view.largeSize))}
          </div>
        )}
        {view.cells > 0 && (
          <div className={styles["tiles"]} style={presenting ? areas.side : undefined}>
            {cameras.map((id) => tile(id, view.cameraSize))}
            {beyond.length > 0 && (
              <OverflowTile
                names={beyond.map((id) => ({ id: seats[id]?.participant ?? id, name: seats[id]?.name ?? "" }))}
                size={view.cameraSize}
                onShowAll={() => setEverybody(true)}
              />
            )}
          </div>
        )}
      </div>
      {pages > 1 && <Pager page={page} pages={pages} onPage={setWantedPage} />}
      {everybody && Object.keys(seats).length > TILES && (
        <Button className={styles["fewer"]} onClick={() => setEverybody(false)} data-testid="show-fewer">
          {t.tile.showFewer}
        </Button>
      )}
      {filling?.id === "stage" && (
        <IconButton
          className={styles["leave"]}
          look="plain"
          label={t.tile.leaveFullScreen}
          icon={<Minimize size={20} aria-hidden />}
          onClick={() => void document.exitFullscreen()}
          data-testid="leave-full-screen"
        />
      )}
    </section>
  );
}

interface AnyTileProps {
  id: string;
  seat: Seat | undefined;
  size: Size;
  pinned: boolean;
  onPin: (seat: string | undefined) => void;
}

function AnyTile({ id, seat, ...rest }: AnyTileProps) {
  const { room, you, speaking } = useSnapshot();
  if (seat === undefined) return null;
  if (room?.youtube?.seat === id) return <VideoTile id={id} seat={seat} video={room.youtube} {...rest} />;
  const mine = seat.participant === you?.participant;
  return <Tile id={id} seat={seat} speaking={speaking.includes(id)} mine={mine} moderating={you?.can_moderate === true} {...rest} />;
}

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  return (
    <nav className={styles["pager"]} aria-label={t.tile.pages} data-testid="pager">
      <IconButton
        small
        label={t.tile.previousPage}
        icon={<ChevronLeft size={20} className="points" aria-hidden />}
        aria-disabled={page === 0}
        onClick={() => onPage(Math.max(0, page - 1))}
        data-testid="previous-page"
      />
      <span role="status">{t.tile.page(page + 1, pages)}</span>
      <IconButton
        small
        label={t.tile.nextPage}
        icon={<ChevronRight size={20} className="points" aria-hidden />}
        aria-disabled={page === pages - 1}
        onClick={() => onPage(Math.min(pages - 1, page + 1))}
        data-testid="next-page"
      />
    </nav>
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
