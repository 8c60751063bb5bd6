import { CalendarClock, MapPin, Mic2, Users } from "lucide-react";
import { Badge } from "../../../components/Badge";
import { Card } from "../../../components/Card";
import { useOrganizing } from "../../../dashboard/context";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import { dateTime, list } from "../../../messages/formats";
import { Picture, pictureOf } from "./PicturePicker";
import styles from "./SessionForm.module.css";
import { type Draft, nameOfNew } from "./draft";
import type { Lookups } from "./lookups";

/** The session as visitors find it, while one writes it. */
export function SessionPreview({ session, lookups }: { session: Draft; lookups: Lookups }) {
  const { time_zone: zone } = useOrganizing().event;
  const picture = pictureOf(session);
  const presenters = session.presenters.map((id) => nameOfNew(id) ?? lookups.presenters.find((each) => each.id === id)?.name ?? id);
  return (
    <Card title={d.sessions.form.preview} testId="session-preview">
      <div className={styles["preview"]} data-size={session.display_size}>
        {picture !== null && <Picture of={picture} alt={session.picture_alt} />}
        <h3 dir="auto">{session.title.trim() === "" ? d.sessions.form.previewUntitled : session.title}</h3>
        {session.description !== "" && <p dir="auto">{session.description}</p>}
        <ul className={styles["facts"]}>
          <li>
            <Users size={16} aria-hidden />
            {t.home.policies[session.share_policy]}
          </li>
          {presenters.length > 0 && (
            <li>
              <Mic2 size={16} aria-hidden />
              <bdi>{list(presenters)}</bdi>
            </li>
          )}
          {session.location !== "" && (
            <li>
              <MapPin size={16} aria-hidden />
              <bdi>{session.location}</bdi>
            </li>
          )}
          {session.starts_at !== null && (
            <li>
              <CalendarClock size={16} aria-hidden />
              {dateTime(session.starts_at, { zone })}
            </li>
          )}
        </ul>
        {session.tags.length > 0 && (
          <div className={styles["tags"]}>
            {session.tags.map((tag) => (
              <Badge key={tag}>
                <bdi>{tag}</bdi>
              </Badge>
            ))}
          </div>
        )}
      </div>
    </Card>
  );
}
