import { Film } from "lucide-react";
import { useCallback, useState } from "react";
import { type Recording, type RecordingState, listRecordings } from "../../browser/api/recordings";
import { ButtonLink } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { More } from "../../components/More";
import { PageHeading } from "../../components/PageFrame";
import { Toolbar } from "../../components/SearchField";
import { Select } from "../../components/Select";
import { useResource } from "../../components/useResource";
import { d } from "../../messages/dashboard";
import { RecordingCard } from "./recordings/RecordingCard";
import styles from "./recordings/Recordings.module.css";

/** Milliseconds between two looks: rendering and recording go on while one watches. */
const EVERY = 3000;
const AT_A_TIME = 25;
const STATES: readonly RecordingState[] = ["recording", "paused", "waiting", "rendering", "ready", "failed"];

/** What was recorded: as it is rendered, to play, download, render again and delete. */
export function RecordingsPage() {
  const [state, setState] = useState<RecordingState | "">("");
  const [wanted, setWanted] = useState(AT_A_TIME);
  const load = useCallback((signal: AbortSignal) => listRecordings(wanted, state, signal), [wanted, state]);
  const recordings = useResource(load, { every: EVERY });
  return (
    <>
      <PageHeading title={d.frame.pages.recordings}>
        <p>{d.recordings.lead}</p>
      </PageHeading>
      <Toolbar>
        <Select
          label={d.recordings.filter}
          value={state}
          onChange={(value) => {
            setState(value);
            setWanted(AT_A_TIME);
          }}
          options={[{ value: "", label: d.recordings.all }, ...STATES.map((value) => ({ value, label: d.recordings.states[value] }))]}
          testId="recordings-state"
        />
      </Toolbar>
      <Loaded resource={recordings}>
        {({ items, next }) =>
          items.length === 0 ? (
            <NoRecordings filtered={state !== ""} />
          ) : (
            <>
              <List items={items} onChanged={recordings.reload} />
              <More shown={items.length} more={next !== null} busy={recordings.loading} onMore={() => setWanted(items.length + AT_A_TIME)} />
            </>
          )
        }
      </Loaded>
    </>
  );
}

function List({ items, onChanged }: { items: readonly Recording[]; onChanged: () => void }) {
  return (
    <ul className={styles["list"]} data-testid="recordings">
      {items.map((recording) => (
        <li key={recording.id}>
          <RecordingCard recording={recording} onChanged={onChanged} />
        </li>
      ))}
    </ul>
  );
}

function NoRecordings({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState
      testId="no-recordings"
      icon={<Film size={32} aria-hidden />}
      title={filtered ? d.recordings.noneOfState : d.recordings.empty}
      actions={filtered ? undefined : <ButtonLink href="/dashboard/sessions">{d.recordings.toSessions}</ButtonLink>}
    >
      {!filtered && <p>{d.recordings.emptyHint}</p>}
    </EmptyState>
  );
}
