import { useCallback, useState } from "react";
import { type Layout, type Recording, type RecordingWithPeople, readRecording, renderRecording } from "../../../browser/api/recordings";
import { sayProblem } from "../../../browser/sayProblem";
import { Button } from "../../../components/Button";
import { Checkbox } from "../../../components/Checkbox";
import { Dialog } from "../../../components/Dialog";
import { Loaded } from "../../../components/Loaded";
import { useTell } from "../../../components/Notices";
import { RadioCards } from "../../../components/RadioCards";
import { useResource } from "../../../components/useResource";
import { d } from "../../../messages/dashboard";
import styles from "./Recordings.module.css";

interface RenderDialogProps {
  recording: Recording;
  onChanged: () => void;
  onClose: () => void;
}

/** Makes the files again from what was captured: in another layout, or without somebody. */
export function RenderDialog({ recording, onChanged, onClose }: RenderDialogProps) {
  const read = useResource(useCallback((signal: AbortSignal) => readRecording(recording.id, signal), [recording.id]));
  const [layout, setLayout] = useState<Layout>(recording.layout);
  const [without, setWithout] = useState<readonly string[]>(recording.without);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const tell = useTell();
  const people = read.data?.people ?? [];
  const nobody = people.length > 0 && people.every(({ participant }) => without.includes(participant));
  const render = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await renderRecording(recording.id, layout, without);
      tell(d.recordings.renderBegun(recording.title));
      onChanged();
      onClose();
    } catch (error) {
      setProblem(sayProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={d.recordings.renderTitle}
      onClose={onClose}
      testId="render-dialog"
      actions={
        <Button look="primary" busy={busy} disabled={nobody} onClick={() => void render()} data-testid="render-start">
          {d.recordings.renderStart}
        </Button>
      }
    >
      <p>{d.recordings.renderHint}</p>
      <RadioCards
        label={d.recordings.layout}
        value={layout}
        onChange={setLayout}
        choices={[
          { value: "gallery", label: d.recordings.layouts.gallery, hint: d.recordings.layouts.galleryHint },
          { value: "speaker", label: d.recordings.layouts.speaker, hint: d.recordings.layouts.speakerHint },
        ]}
        testId="layout"
      />
      <Loaded resource={read}>{(data) => <People people={data.people} without={without} onChange={setWithout} />}</Loaded>
      {nobody && <p role="status">{d.recordings.nobodyLeft}</p>}
      {problem !== undefined && (
        <p role="alert" className={styles["error"]}>
          {problem}
        </p>
      )}
    </Dialog>
  );
}

interface PeopleProps {
  people: RecordingWithPeople["people"];
  without: readonly string[];
  onChange: (without: string[]) => void;
}

function People({ people, without, onChange }: PeopleProps) {
  return (
    <fieldset className={styles["people"]}>
      <legend>{d.recordings.people}</legend>
      {people.map(({ participant, name }) => (
        <Checkbox
          key={participant}
          label={<bdi>{name}</bdi>}
          checked={!without.includes(participant)}
          onChange={(shown) => onChange(shown ? without.filter((each) => each !== participant) : [...without, participant])}
          testId={`shown-${participant}`}
        />
      ))}
    </fieldset>
  );
}
