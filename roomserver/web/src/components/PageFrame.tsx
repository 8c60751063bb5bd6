import { CircleUser } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import { type Me, signOut } from "../browser/api/me";
import { t } from "../messages";
import { Menu, type MenuItem } from "./Menu";
import styles from "./PageFrame.module.css";
import { PreferenceMenus } from "./PreferenceMenus";
import { useTitle } from "./useTitle";

interface PageFrameProps {
  /** The event's name, which leads home. */
  name: string;
  me?: Me | undefined;
  /** Between the name and the menus, where there is room: a way elsewhere. */
  navigation?: ReactNode;
  /** Beside the content: the dashboard's navigation. */
  side?: ReactNode;
  /** As wide as the screen; otherwise as wide as one reads. */
  wide?: boolean;
  children: ReactNode;
}

/** Header with the event's name and the menus, a link to skip it, and the content. */
export function PageFrame({ name, me, navigation, side, wide = false, children }: PageFrameProps) {
  return (
    <div className={styles["frame"]}>
      <a href="#content" className="skip-link">
        {t.general.skipToContent}
      </a>
      <header className={styles["header"]}>
        <Link href="/" className={styles["name"] ?? ""}>
          {name}
        </Link>
        {navigation !== undefined && <div className={styles["ways"]}>{navigation}</div>}
        <div className={styles["menus"]}>
          <PreferenceMenus />
          {me !== undefined && <AccountMenu me={me} />}
        </div>
      </header>
      <div className={styles["body"]} data-side={side !== undefined}>
        {side}
        <main id="content" tabIndex={-1} className={[styles["main"], wide && styles["wide"]].filter(Boolean).join(" ")}>
          {children}
        </main>
      </div>
    </div>
  );
}

function AccountMenu({ me }: { me: Me }) {
  const items: MenuItem[] = [
    // The whole page anew: nothing that this person saw stays in memory.
    { label: t.general.signOut, onSelect: () => void signOut().finally(() => location.assign("/")), testId: "sign-out" },
  ];
  if (me.role === "organizer") items.unshift({ label: t.general.dashboard, href: "/dashboard", testId: "to-dashboard" });
  return (
    <Menu
      label={t.general.signedInAs(me.name)}
      icon={<CircleUser size={20} aria-hidden />}
      text={
        <span data-testid="signed-in-as" dir="auto" className={styles["me"]}>
          {me.name}
        </span>
      }
      items={items}
      testId="account-menu"
    />
  );
}

interface PageHeadingProps {
  title: string;
  /** Before the title: a way back. */
  back?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  children?: ReactNode;
}

/** Whether the page was opened by a link within the pages: then its heading takes the focus, so that it is read aloud. */
let arrived = false;

/** The one h1 of a page, and the document's title. */
export function PageHeading({ title, back, actions, children }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => {
    if (arrived) heading.current?.focus({ preventScroll: true });
    arrived = true;
  }, []);
  return (
    <div className={styles["heading"]}>
      {back}
      <h1 ref={heading} tabIndex={-1}>
        <bdi>{title}</bdi>
      </h1>
      {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
      {children !== undefined && <div className={styles["lead"]}>{children}</div>}
    </div>
  );
}
