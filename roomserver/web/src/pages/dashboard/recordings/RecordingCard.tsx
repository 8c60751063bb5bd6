import { CircleStop, Download, Play } from "lucide-react";
import { useState } from "react";
import { type Block, type Recording, deleteRecording, deleteTracks, endRecording } from "../../../browser/api/recordings";
import { sayProblem } from "../../../browser/sayProblem";
import { Badge } from "../../../components/Badge";
import { Button, ButtonLink } from "../../../components/Button";
import { Card } from "../../../components/Card";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { Menu } from "../../../components/Menu";
import { useTell } from "../../../components/Notices";
import { Progress } from "../../../components/Progress";
import { d } from "../../../messages/dashboard";
import { bytes, dateTime, duration, isolated } from "../../../messages/formats";
import { useOrganizing } from "../../../dashboard/context";
import { PlayerDialog } from "./PlayerDialog";
import styles from "./Recordings.module.css";
import { RenderDialog } from "./RenderDialog";

const TONES = { recording: "live", paused: "warning", waiting: "plain", rendering: "accent", ready: "good", failed: "danger" } as const;

type Open = "render" | "end" | "delete" | "tracks" | Block;

interface RecordingCardProps {
  recording: Recording;
  onChanged: () => void;
}

/** One recording: what it is, how far its files are, and what can be done with it. */
export function RecordingCard({ recording, onChanged }: RecordingCardProps) {
  const [open, setOpen] = useState<Open>();
  const { event } = useOrganizing();
  const { state, captured } = recording;
  const goesOn = state === "recording" || state === "paused";
  const close = (): void => setOpen(undefined);
  return (
    <Card
      title={recording.title}
      testId="recording"
      actions={
        <Actions recording={recording} goesOn={goesOn} onOpen={setOpen} />
      }
    >
      <p className={styles["facts"]}>
        <span>{dateTime(recording.started_at, { zone: event.time_zone })}</span>
        <span data-testid="recording-length">{duration(recording.seconds)}</span>
        {recording.bytes > 0 && <span>{bytes(recording.bytes)}</span>}
        <span>{captured.deleted_at === null ? d.recordings.captured(bytes(captured.bytes)) : d.recordings.tracksGone}</span>
      </p>
      {recording.error !== null && (
        <p role="alert" className={styles["error"]}>
          {d.recordings.failed(isolated(recording.error))}
        </p>
      )}
      {(state === "rendering" || state === "waiting") && (
        <Progress label={d.recordings.progress(recording.title)} value={recording.progress} testId="recording-progress" />
      )}
      <Blocks recording={recording} goesOn={goesOn} onPlay={setOpen} />
      {open === "render" && <RenderDialog recording={recording} onChanged={onChanged} onClose={close} />}
      {open === "end" && <Ending recording={recording} onChanged={onChanged} onClose={close} />}
      {(open === "delete" || open === "tracks") && <Deletion what={open} recording={recording} onChanged={onChanged} onClose={close} />}
      {typeof open === "object" && <PlayerDialog title={recording.title} block={open} of={recording.blocks.length} onClose={close} />}
    </Card>
  );
}

/** Its state, and what can be done about it. */
function Actions({ recording: { state, title, captured }, goesOn, onOpen }: { recording: Recording; goesOn: boolean; onOpen: (what: Open) => void }) {
  return (
    <span className={styles["head"]}>
      <Badge tone={TONES[state]} testId="recording-state">
        {d.recordings.states[state]}
      </Badge>
      {goesOn && (
        <Button
          icon={<CircleStop size={18} aria-hidden />}
          aria-label={d.recordings.endOf(title)}
          onClick={() => onOpen("end")}
          data-testid="end-recording"
        >
          {d.recordings.end}
        </Button>
      )}
      <Menu
        label={d.recordings.more(title)}
        testId="recording-menu"
        items={[
          {
            label: goesOn ? d.recordings.renderNow : d.recordings.renderAgain,
            disabled: captured.deleted_at !== null,
            onSelect: () => onOpen("render"),
            testId: "render",
          },
          {
            label: d.recordings.deleteTracks,
            disabled: state !== "ready" || captured.deleted_at !== null,
            onSelect: () => onOpen("tracks"),
            testId: "delete-tracks",
          },
          { label: d.recordings.deleteAll, danger: true, disabled: goesOn, onSelect: () => onOpen("delete"), testId: "delete-recording" },
        ]}
      />
    </span>
  );
}

function Blocks({ recording: { title, blocks }, goesOn, onPlay }: { recording: Recording; goesOn: boolean; onPlay: (block: Block) => void }) {
  if (blocks.length === 0) return null;
  const grows = (block: Block): boolean => goesOn && block.state === "waiting" && block.number === blocks.length;
  return (
    <ul className={styles["blocks"]} aria-label={d.recordings.blocks}>
      {blocks.map((block) => (
        <li key={block.number} className={styles["block"]} data-testid="block" data-state={block.state}>
          <span className={styles["name"]}>{blocks.length === 1 ? d.recordings.onlyBlock : d.recordings.block(block.number)}</span>
          <span className={styles["soft"]}>{duration(block.seconds)}</span>
          {block.file === null ? (
            <span className={styles["soft"]}>{grows(block) ? d.recordings.stillGrows : d.recordings.blockStates[block.state]}</span>
          ) : (
            <span className={styles["buttons"]}>
              <Button icon={<Play size={18} aria-hidden />} aria-label={d.recordings.playBlock(title, block.number)} onClick={() => onPlay(block)} data-testid="play">
                {d.recordings.play}
              </Button>
              <ButtonLink
                href={block.file}
                download
                icon={<Download size={18} aria-hidden />}
                aria-label={d.recordings.downloadBlock(title, block.number)}
                data-testid="download"
              >
                {d.recordings.download(bytes(block.bytes))}
              </ButtonLink>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Ending({ recording, onChanged, onClose }: RecordingCardProps & { onClose: () => void }) {
  const tell = useTell();
  return (
    <ConfirmDialog
      title={d.recordings.endTitle}
      action={d.recordings.end}
      look="primary"
      onConfirm={async () => {
        await endRecording(recording);
        tell(d.recordings.ended(recording.title));
        onChanged();
      }}
      sayError={sayProblem}
      onClose={onClose}
      testId="confirm-ending"
    >
      <p>{d.recordings.endHint(recording.title)}</p>
    </ConfirmDialog>
  );
}

function Deletion({ what, recording, onChanged, onClose }: RecordingCardProps & { what: "delete" | "tracks"; onClose: () => void }) {
  const tell = useTell();
  const all = what === "delete";
  return (
    <ConfirmDialog
      title={all ? d.recordings.deleteAllTitle : d.recordings.deleteTracksTitle}
      action={all ? d.recordings.deleteAll : d.recordings.deleteTracks}
      onConfirm={async () => {
        await (all ? deleteRecording(recording.id) : deleteTracks(recording.id));
        tell(all ? d.recordings.deleted(recording.title) : d.recordings.tracksDeleted);
        onChanged();
      }}
      sayError={sayProblem}
      onClose={onClose}
      testId="confirm-deletion"
    >
      <p>{all ? d.recordings.deleteAllHint(recording.title) : d.recordings.deleteTracksHint(bytes(recording.captured.bytes))}</p>
    </ConfirmDialog>
  );
}
