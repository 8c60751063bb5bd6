import { useRef, useState } from "react";
import { allNamed } from "../../browser/api/named";
import type { RoomDetails } from "../../browser/api/room";
import { Prose } from "../../components/Prose";
import { Skeleton } from "../../components/Progress";
import { Tabs } from "../../components/Tabs";
import { useResource } from "../../components/useResource";
import { t } from "../../messages";
import { SidePanel } from "../SidePanel";
import { useDetails } from "../context";
import styles from "./AboutPanel.module.css";
import { People } from "./People";

type Tab = "about" | "people";

/** What the organizers tell about the session, and who is there. */
export function AboutPanel({ onClose }: { onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [tab, setTab] = useState<Tab>("about");
  const details = useDetails();
  const tabs = [
    { name: "about", label: t.about.about, testId: "tab-about" },
    { name: "people", label: t.about.people, testId: "tab-people" },
  ] as const;
  return (
    <SidePanel title={t.about.open} heading={heading} onClose={onClose} testId="about-panel">
      <Tabs label={t.about.open} tabs={tabs} value={tab} onChange={setTab}>
        {tab === "people" ? <People /> : details === undefined ? <Skeleton /> : <About details={details} />}
      </Tabs>
    </SidePanel>
  );
}

async function readPresenters(signal: AbortSignal): Promise<Map<string, string>> {
  return new Map((await allNamed("presenters", signal)).map(({ id, name }) => [id, name]));
}

function About({ details }: { details: RoomDetails }) {
  const { description, location, additional_info_html: html } = details;
  const names = useResource(readPresenters).data;
  const presenters = details.presenters.flatMap((id) => names?.get(id) ?? []);
  if (description === "" && location === "" && html === "" && details.presenters.length === 0) {
    return <p className={styles["soft"]}>{t.about.nothing}</p>;
  }
  return (
    <div className={styles["about"]}>
      {description !== "" && (
        <p className={styles["description"]} dir="auto">
          {description}
        </p>
      )}
      <dl className={styles["facts"]}>
        {location !== "" && (
          <div>
            <dt>{t.about.location}</dt>
            <dd dir="auto">{location}</dd>
          </div>
        )}
        {presenters.length > 0 && (
          <div>
            <dt>{t.about.presenters}</dt>
            {presenters.map((name, index) => (
              <dd key={details.presenters[index]} dir="auto">
                {name}
              </dd>
            ))}
          </div>
        )}
      </dl>
      {html !== "" && <Prose html={html} />}
    </div>
  );
}
