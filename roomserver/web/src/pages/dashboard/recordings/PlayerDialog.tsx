import { Download } from "lucide-react";
import { useState } from "react";
import type { Block } from "../../../browser/api/recordings";
import { ButtonLink } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { d } from "../../../messages/dashboard";
import { bytes } from "../../../messages/formats";
import styles from "./Recordings.module.css";

interface PlayerDialogProps {
  title: string;
  block: Block;
  /** How many blocks the recording has. */
  of: number;
  onClose: () => void;
}

/** Plays a block; it begins before all of it is loaded. */
export function PlayerDialog({ title, block, of, onClose }: PlayerDialogProps) {
  const [broken, setBroken] = useState(false);
  const file = block.file ?? undefined;
  return (
    <Dialog
      wide
      title={of > 1 ? d.recordings.blockOf(title, block.number, of) : title}
      onClose={onClose}
      testId="player"
      actions={
        <ButtonLink href={file ?? ""} download icon={<Download size={18} aria-hidden />}>
          {d.recordings.download(bytes(block.bytes))}
        </ButtonLink>
      }
    >
      {/* What was said isn't written down by anybody, so there is no track of captions to offer. */}
      <video className={styles["video"]} src={file} controls autoPlay playsInline onError={() => setBroken(true)} data-testid="video" data-autofocus tabIndex={0} />
      {broken && <p role="alert">{d.recordings.cantPlay}</p>}
    </Dialog>
  );
}
