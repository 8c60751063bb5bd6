import { CalendarSync, Download } from "lucide-react";
import { useState } from "react";
import { type Feeds, endFeeds, makeFeeds } from "../../browser/api/agenda";
import { AGENDA_CALENDAR, SCHEDULE_CALENDAR } from "../../browser/api/schedule";
import { sayProblem } from "../../browser/sayProblem";
import { Button, ButtonLink } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { t } from "../../messages";
import styles from "./ScheduleSection.module.css";

/** The schedule for calendar programs: as a file, or by an address that they follow. */
export function CalendarDialog({ attendee, onClose }: { attendee: boolean; onClose: () => void }) {
  const icon = <Download size={18} aria-hidden />;
  return (
    <Dialog title={t.calendar.title} onClose={onClose} testId="calendar-dialog">
      <section className={styles["part"]}>
        <h3>{t.calendar.files}</h3>
        <p>{t.calendar.filesHint}</p>
        <div className={styles["files"]}>
          <ButtonLink href={SCHEDULE_CALENDAR} download icon={icon} data-testid="schedule-file">
            {t.calendar.schedule}
          </ButtonLink>
          {attendee && (
            <ButtonLink href={AGENDA_CALENDAR} download icon={icon} data-testid="agenda-file">
              {t.calendar.agenda}
            </ButtonLink>
          )}
        </div>
      </section>
      <FeedAddresses />
    </Dialog>
  );
}

function FeedAddresses() {
  const [feeds, setFeeds] = useState<Feeds>();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<string>();
  const run = (work: () => Promise<void>): void => {
    setBusy(true);
    setProblem(undefined);
    work()
      .catch((error: unknown) => setProblem(sayProblem(error)))
      .finally(() => setBusy(false));
  };
  const make = async (): Promise<void> => {
    setFeeds(await makeFeeds());
    setSaid(t.calendar.once);
  };
  const end = async (): Promise<void> => {
    await endFeeds();
    setFeeds(undefined);
    setSaid(t.calendar.ended);
  };
  return (
    <section className={styles["part"]}>
      <h3>{t.calendar.feeds}</h3>
      <p>{t.calendar.feedsHint}</p>
      {feeds === undefined ? (
        <p>{t.calendar.remake}</p>
      ) : (
        <>
          <Address label={t.calendar.scheduleAddress} address={feeds.schedule} testId="schedule-address" />
          {feeds.agenda !== null && <Address label={t.calendar.agendaAddress} address={feeds.agenda} testId="agenda-address" />}
        </>
      )}
      <p role="status" data-testid="feeds-said">
        {said}
      </p>
      {problem !== undefined && <Problem>{problem}</Problem>}
      <div className={styles["files"]}>
        {feeds === undefined && (
          <Button icon={<CalendarSync size={18} aria-hidden />} busy={busy} onClick={() => run(make)} data-testid="make-feeds">
            {t.calendar.make}
          </Button>
        )}
        <Button look="quiet" busy={busy} onClick={() => run(end)} data-testid="end-feeds">
          {t.calendar.end}
        </Button>
      </div>
    </section>
  );
}

function Address({ label, address, testId }: { label: string; address: string; testId: string }) {
  return (
    <div className={styles["address"]}>
      <Field label={label} testId={testId}>
        {(control) => <input {...control} readOnly dir="ltr" value={address} onFocus={(event) => event.currentTarget.select()} />}
      </Field>
      <CopyButton text={address} testId={`${testId}-copy`} />
    </div>
  );
}
