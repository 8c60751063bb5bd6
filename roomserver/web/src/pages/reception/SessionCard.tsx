import { DoorOpen, Eye, EyeOff, KeyRound, MapPin, Mic, Video } from "lucide-react";
import type { ListedSession } from "../../browser/api/sessions";
import { Badge } from "../../components/Badge";
import { ButtonLink } from "../../components/Button";
import { colourOf, initials } from "../../components/initials";
import { t } from "../../messages";
import { list } from "../../messages/formats";
import styles from "./SessionCard.module.css";

interface SessionCardProps {
  session: ListedSession;
  presenters: readonly string[];
  chosenTags: readonly string[];
  onTag: (tag: string) => void;
}

/** One session: a click anywhere enters it, except on a tag, which filters by it. */
export function SessionCard({ session, presenters, chosenTags, onTag }: SessionCardProps) {
  const live = session.happening_now || (session.live?.seats_taken ?? 0) > 0;
  return (
    <li className={styles["card"]} data-size={session.display_size} data-testid="session-card" data-session={session.id}>
      <Picture session={session} />
      <div className={styles["text"]}>
        <div className={styles["badges"]}>
          {live && (
            <Badge tone="live" testId="live-badge">
              {t.home.live}
            </Badge>
          )}
          {session.watch_policy !== "anyone" && <Badge icon={<KeyRound size={14} aria-hidden />}>{t.home.watch[session.watch_policy]}</Badge>}
          {session.hidden && <Badge icon={<EyeOff size={14} aria-hidden />}>{t.home.hidden}</Badge>}
        </div>
        <h3>
          <bdi>{session.title}</bdi>
        </h3>
        {presenters.length > 0 && <p className={styles["presenters"]}>{t.home.presentedBy(list(presenters))}</p>}
        {session.description !== "" && (
          <p>
            <bdi>{session.description}</bdi>
          </p>
        )}
        <Facts session={session} />
        <div className={styles["foot"]}>
          <ButtonLink
            href={`/sessions/${session.id}`}
            look="primary"
            icon={<DoorOpen size={18} aria-hidden />}
            className={styles["enter"]}
            aria-label={t.home.enterSession(session.title)}
            data-testid="enter"
          >
            {t.home.enter}
          </ButtonLink>
          {session.tags.length > 0 && (
            <ul className={styles["tags"]}>
              {session.tags.map((tag) => (
                <li key={tag}>
                  <button type="button" dir="auto" aria-label={t.filter.tag(`#${tag}`)} aria-pressed={chosenTags.includes(tag)} onClick={() => onTag(tag)}>
                    #{tag}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </li>
  );
}

function Picture({ session }: { session: ListedSession }) {
  if (session.picture !== null) return <img className={styles["picture"]} src={session.picture} alt={session.picture_alt} loading="lazy" decoding="async" />;
  return (
    <div className={[styles["picture"], styles["drawn"], styles[`colour${colourOf(session.id)}`]].join(" ")} aria-hidden>
      {initials(session.title)}
    </div>
  );
}

/** How full it is, who may go on screen, and where it is. */
function Facts({ session: { live, share_policy, location } }: { session: ListedSession }) {
  return (
    <ul className={styles["facts"]}>
      {live !== null && live.seats_taken > 0 && (
        <li data-testid="seats">
          <Video size={16} aria-hidden />
          {t.home.onScreen(live.seats_taken)}
        </li>
      )}
      {live !== null && live.viewers > 0 && (
        <li data-testid="viewers">
          <Eye size={16} aria-hidden />
          {t.home.watching(live.viewers)}
        </li>
      )}
      <li>
        <Mic size={16} aria-hidden />
        {t.home.policies[share_policy]}
      </li>
      {location !== "" && (
        <li>
          <MapPin size={16} aria-hidden />
          <bdi>{location}</bdi>
        </li>
      )}
    </ul>
  );
}
