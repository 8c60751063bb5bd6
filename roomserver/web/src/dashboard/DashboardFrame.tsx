import {
  Activity,
  CalendarDays,
  ClipboardCheck,
  Film,
  Home,
  LayoutList,
  type LucideIcon,
  Menu as MenuIcon,
  Mic2,
  Settings,
  Ticket,
  Users,
  X,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { Button, ButtonLink } from "../components/Button";
import { PageFrame } from "../components/PageFrame";
import { d } from "../messages/dashboard";
import styles from "./DashboardFrame.module.css";
import { useOrganizing } from "./context";

type PageName = keyof typeof d.frame.pages;

const PAGES: readonly { name: PageName; path: string; icon: LucideIcon }[] = [
  { name: "live", path: "/dashboard", icon: Activity },
  { name: "sessions", path: "/dashboard/sessions", icon: LayoutList },
  { name: "schedule", path: "/dashboard/schedule", icon: CalendarDays },
  { name: "registrants", path: "/dashboard/registrants", icon: Users },
  { name: "tickets", path: "/dashboard/tickets", icon: Ticket },
  { name: "presenters", path: "/dashboard/presenters", icon: Mic2 },
  { name: "evaluations", path: "/dashboard/evaluations", icon: ClipboardCheck },
  { name: "recordings", path: "/dashboard/recordings", icon: Film },
  { name: "settings", path: "/dashboard/settings", icon: Settings },
];

/** Whether the page belongs to this entry of the navigation: itself, or something below it. */
function holds(path: string, location: string): boolean {
  return location === path || (path !== "/dashboard" && location.startsWith(`${path}/`));
}

/** Around every page of the dashboard. On phones the navigation is behind a button. */
export function DashboardFrame({ children }: { children: ReactNode }) {
  const { me, event } = useOrganizing();
  return (
    <PageFrame
      name={event.name}
      me={me}
      navigation={
        <ButtonLink look="quiet" href="/" icon={<Home size={18} aria-hidden />} data-testid="way-to-event">
          {d.frame.toEvent}
        </ButtonLink>
      }
      side={<Navigation />}
    >
      {children}
    </PageFrame>
  );
}

function Navigation() {
  const [location] = useLocation();
  // Open for one page only: following a link closes it.
  const [openAt, setOpenAt] = useState<string>();
  const open = openAt === location;
  return (
    <nav className={styles["side"]} aria-label={d.frame.navigation} data-open={open}>
      <Button
        className={styles["toggle"]}
        icon={open ? <X size={20} aria-hidden /> : <MenuIcon size={20} aria-hidden />}
        aria-expanded={open}
        aria-controls="dashboard-pages"
        onClick={() => setOpenAt(open ? undefined : location)}
        data-testid="navigation-toggle"
      >
        {d.frame.menu}
      </Button>
      <ul id="dashboard-pages" className={styles["pages"]}>
        {PAGES.map(({ name, path, icon: Icon }) => (
          <li key={name}>
            <Link href={path} className={styles["link"] ?? ""} aria-current={holds(path, location) ? "page" : undefined} data-testid={`to-${name}`}>
              <Icon size={20} aria-hidden />
              {d.frame.pages[name]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
