import { ArrowLeft, Eye, Hourglass, Info, Maximize, Users } from "lucide-react";
import { Link } from "wouter";
import { IconButton } from "../components/Button";
import { PreferenceMenus } from "../components/PreferenceMenus";
import { t } from "../messages";
import { ConnectionQuality } from "./ConnectionQuality";
import { RecordingBadge } from "./RecordingBadge";
import styles from "./RoomHeader.module.css";
import { useSnapshot } from "./context";
import { Evaluation } from "./evaluation/Evaluation";

interface RoomHeaderProps {
  id: string;
  aboutOpen: boolean;
  onAbout: () => void;
}

/** Title and counters: places on screen, viewers, and those waiting. */
export function RoomHeader({ id, aboutOpen, onAbout }: RoomHeaderProps) {
  const { room } = useSnapshot();
  if (room === undefined) return null;
  return (
    <header className={styles["header"]}>
      <Link href="/" className={styles["back"] ?? ""} aria-label={t.general.back} title={t.general.back}>
        <ArrowLeft size={20} className="points" aria-hidden />
      </Link>
      <h1 className={styles["title"]} data-testid="session-title">
        <bdi>{room.title}</bdi>
      </h1>
      <RecordingBadge />
      <ul className={styles["counters"]}>
        <li title={t.room.onScreen(room.seats_taken, room.max_on_screen)}>
          <Users size={18} aria-hidden />
          <span aria-hidden data-testid="count-on-screen">
            {t.room.onScreenShort(room.seats_taken, room.max_on_screen)}
          </span>
          <span className="visually-hidden">{t.room.onScreen(room.seats_taken, room.max_on_screen)}</span>
        </li>
        <li title={t.room.viewers(room.viewers, room.viewer_cap)}>
          <Eye size={18} aria-hidden />
          <span aria-hidden>
            <span data-testid="count-viewers">{t.room.viewersShort(room.viewers)}</span>
            <span className={styles["cap"]} data-testid="viewer-cap">
              {t.room.viewersCap(room.viewer_cap)}
            </span>
          </span>
          <span className="visually-hidden">{t.room.viewers(room.viewers, room.viewer_cap)}</span>
        </li>
        {room.waiting > 0 && (
          <li title={t.room.waiting(room.waiting)} className={styles["waiting"]}>
            <Hourglass size={18} aria-hidden />
            <span aria-hidden data-testid="count-waiting">
              {t.room.waitingShort(room.waiting)}
            </span>
            <span className="visually-hidden">{t.room.waiting(room.waiting)}</span>
          </li>
        )}
      </ul>
      <ConnectionQuality />
      <Tools id={id} aboutOpen={aboutOpen} onAbout={onAbout} />
      <div className={styles["menus"]}>
        <PreferenceMenus />
      </div>
    </header>
  );
}

function Tools({ id, aboutOpen, onAbout }: RoomHeaderProps) {
  return (
    <div className={styles["tools"]}>
      <Evaluation session={id} />
      <IconButton
        label={t.about.open}
        icon={<Info size={20} aria-hidden />}
        aria-expanded={aboutOpen}
        onClick={onAbout}
        data-testid="about-button"
      />
      {document.fullscreenEnabled && (
        <IconButton
          className={styles["wide"]}
          label={t.tile.stageFullScreen}
          icon={<Maximize size={20} aria-hidden />}
          onClick={() => void document.getElementById("stage")?.requestFullscreen().catch(() => undefined)}
          data-testid="full-screen"
        />
      )}
    </div>
  );
}
