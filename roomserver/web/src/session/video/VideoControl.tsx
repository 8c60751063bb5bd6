import { SquarePlay } from "lucide-react";
import { useState } from "react";
import { t } from "../../messages";
import { Control } from "../Control";
import { useDetails, useSnapshot } from "../context";
import { VideoDialog } from "./VideoDialog";
import { mayControlVideo } from "./rights";

/** Offers to share a video, to those who may, where the session allows it and none is shared. */
export function VideoControl({ connected }: { connected: boolean }) {
  const { room, you } = useSnapshot();
  const allowed = useDetails()?.youtube === true;
  const [open, setOpen] = useState(false);
  if (!allowed || room === undefined || you === undefined || room.youtube !== undefined || !mayControlVideo(room, you)) return null;
  const full = room.seats_taken >= room.max_on_screen;
  return (
    <>
      <Control
        icon={<SquarePlay aria-hidden />}
        text={t.video.control}
        hint={full ? t.controls.fullHint : t.video.controlHint}
        disabled={!connected || full}
        onClick={() => setOpen(true)}
        testId="video-button"
      />
      {open && <VideoDialog onClose={() => setOpen(false)} />}
    </>
  );
}
