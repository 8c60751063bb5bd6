import { RefreshCw } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import type { Person } from "roomserver-client";
import type { Page } from "../../browser/api/http";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button, IconButton } from "../../components/Button";
import { More } from "../../components/More";
import { Skeleton } from "../../components/Progress";
import { SearchField, Toolbar } from "../../components/SearchField";
import { usePages } from "../../components/useResource";
import { t } from "../../messages";
import { useSession, useSnapshot } from "../context";
import { sayError } from "../say";
import styles from "./AboutPanel.module.css";

/** The server answers this twice a second. */
const PAUSE = 500;

/** The text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Everybody in the room by name, as they were when one looked: a room of thousands is not followed live. */
export function People() {
  const { room } = useSession();
  const document_ = useSnapshot().room;
  const [search, setSearch] = useState("");
  const query = useSettled(search);
  const load = useCallback(
    async (cursor: string | null): Promise<Page<Person>> => {
      const { people, next } = await room.listPeople(query, cursor ?? undefined);
      return { items: people, next: next ?? null };
    },
    [room, query],
  );
  const { items, error, more, busy, loadMore, reload } = usePages(load);
  return (
    <div className={styles["people"]}>
      {document_ !== undefined && <p className={styles["soft"]}>{t.room.viewers(document_.viewers, document_.viewer_cap)}</p>}
      <Toolbar>
        <SearchField label={t.about.search} value={search} onChange={setSearch} testId="people-search" />
        <IconButton label={t.about.refresh} icon={<RefreshCw size={18} aria-hidden />} onClick={reload} />
      </Toolbar>
      {error !== undefined && (
        <div role="alert">
          <p>{sayError(error)}</p>
          <Button onClick={reload}>{t.general.tryAgain}</Button>
        </div>
      )}
      {items === undefined && error === undefined && <Skeleton />}
      {items?.length === 0 && <p className={styles["soft"]}>{t.about.nobody}</p>}
      {items !== undefined && items.length > 0 && (
        <>
          <ul>
            {items.map((person) => (
              <Row key={person.participant} person={person} />
            ))}
          </ul>
          <More shown={items.length} more={more} busy={busy} onMore={loadMore} testId="people-more" />
        </>
      )}
    </div>
  );
}

function Row({ person: { participant, name, role, on_screen: onScreen } }: { person: Person }) {
  return (
    <li className={styles["person"]} data-testid="person" data-participant={participant}>
      <Avatar id={participant} name={name} />
      <span className={styles["name"]} dir="auto">
        {name}
      </span>
      {role !== "attendee" && <Badge>{t.about[role]}</Badge>}
      {onScreen && <Badge tone="good">{t.about.onScreen}</Badge>}
    </li>
  );
}
