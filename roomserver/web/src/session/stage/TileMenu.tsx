import { CircleStop, Maximize, MicOff, MonitorX, PictureInPicture2, Pin, PinOff, ShieldX } from "lucide-react";
import type { RefObject } from "react";
import { Refused, type Seat } from "roomserver-client";
import { Menu, type MenuItem } from "../../components/Menu";
import { useTell } from "../../components/Notices";
import { t } from "../../messages";
import { useSession } from "../context";
import { sayError } from "../say";
import styles from "./Tile.module.css";

export interface TileMenuProps {
  id: string;
  seat: Seat;
  /** Whose tile it is, for the button's name. */
  name: string;
  /** The tile's element. */
  tile: RefObject<HTMLElement | null>;
  pinned: boolean;
  onPin: (seat: string | undefined) => void;
  /** This person may remove and mute them. */
  moderating: boolean;
}

/** What one can do with a tile: look closer, and, for moderators, remove and mute. */
export function TileMenu({ id, seat, name, tile, pinned, onPin, moderating }: TileMenuProps) {
  const { room } = useSession();
  const tell = useTell();
  const act = (action: Promise<unknown>): void => {
    action.catch((error: unknown) => {
      // Gone already: what was wanted.
      if (!(error instanceof Refused && error.code === "no_such_seat")) tell(sayError(error), "error");
    });
  };
  const video = (): HTMLVideoElement | null => tile.current?.querySelector("video") ?? null;

  const items: MenuItem[] = [
    {
      label: pinned ? t.tile.unpin : t.tile.pin,
      icon: pinned ? <PinOff size={18} aria-hidden /> : <Pin size={18} aria-hidden />,
      onSelect: () => onPin(pinned ? undefined : id),
      testId: `pin-${id}`,
    },
  ];
  if (document.fullscreenEnabled) {
    items.push({
      label: t.tile.fullScreen,
      icon: <Maximize size={18} aria-hidden />,
      // Where the browser refuses, the tile simply stays.
      onSelect: () => void tile.current?.requestFullscreen().catch(() => undefined),
      testId: `full-screen-${id}`,
    });
  }
  if (document.pictureInPictureEnabled && seat.video && seat.kind !== "integration") {
    items.push({
      label: t.tile.pictureInPicture,
      icon: <PictureInPicture2 size={18} aria-hidden />,
      // Refused while there is no picture yet.
      onSelect: () => void video()?.requestPictureInPicture().catch(() => undefined),
      testId: `picture-in-picture-${id}`,
    });
  }
  if (moderating && seat.kind === "camera" && seat.audio && seat.muted !== true) {
    items.push({ label: t.tile.mute, icon: <MicOff size={18} aria-hidden />, onSelect: () => act(room.muteSeat(id)), testId: `mute-${id}` });
  }
  if (moderating) items.push(removal(id, seat, act, room));
  return <Menu label={t.tile.menu(name)} items={items} className={styles["menu"]} />;
}

function removal(id: string, seat: Seat, act: (action: Promise<unknown>) => void, room: ReturnType<typeof useSession>["room"]): MenuItem {
  const common = { danger: true, testId: `remove-${id}` };
  switch (seat.kind) {
    case "camera":
      return { ...common, label: t.tile.remove, icon: <ShieldX size={18} aria-hidden />, onSelect: () => act(room.removeSeat(id)) };
    case "screen":
      return { ...common, label: t.tile.removeScreen, icon: <MonitorX size={18} aria-hidden />, onSelect: () => act(room.removeSeat(id)) };
    case "integration":
      return { ...common, label: t.video.stop, icon: <CircleStop size={18} aria-hidden />, onSelect: () => act(room.stopVideo()) };
  }
}
