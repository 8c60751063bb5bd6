import { Inbox, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../components/Avatar";
import { Badge } from "../components/Badge";
import { Button, ButtonLink, IconButton } from "../components/Button";
import { Card } from "../components/Card";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { CopyButton } from "../components/CopyButton";
import { Dialog } from "../components/Dialog";
import { EmptyState } from "../components/EmptyState";
import { Menu } from "../components/Menu";
import { More } from "../components/More";
import { useTell } from "../components/Notices";
import { Spinner } from "../components/Page";
import { PageFrame, PageHeading } from "../components/PageFrame";
import { Progress, Skeleton } from "../components/Progress";
import { SearchField, Toolbar } from "../components/SearchField";
import { type Sorting, Table } from "../components/Table";
import { Tabs } from "../components/Tabs";
import { Fields } from "./Fields";
import styles from "./Gallery.module.css";

/** Every part of the design system, to look at in both themes and directions. Only in development builds. */
export function Gallery() {
  return (
    <PageFrame name="Design system" me={{ id: "org_1", name: "Grace Hopper", role: "organizer" }}>
      <PageHeading title="Every part" actions={<Button look="primary" icon={<Plus size={18} aria-hidden />}>New</Button>}>
        What pages are made of.
      </PageHeading>
      <div className={styles["grid"]}>
        <Buttons />
        <Fields />
        <Overlays />
        <States />
      </div>
      <Listing />
    </PageFrame>
  );
}

function Buttons() {
  return (
    <Card title="Buttons and badges">
      <div className={styles["row"]}>
        <Button look="primary">Primary</Button>
        <Button>Plain</Button>
        <Button look="danger">Danger</Button>
        <Button look="quiet">Quiet</Button>
        <Button disabled>Disabled</Button>
        <Button look="primary" busy>Busy</Button>
        <ButtonLink href="/gallery">Link</ButtonLink>
        <IconButton label="Delete" icon={<Trash2 size={18} aria-hidden />} />
        <CopyButton text="copied text" />
      </div>
      <div className={styles["row"]}>
        {(["plain", "accent", "good", "warning", "danger", "live"] as const).map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
        <Avatar name="Grace Hopper" id="a" />
        <Avatar name="محمد علي" id="b" />
      </div>
    </Card>
  );
}

function Overlays() {
  const [open, setOpen] = useState<"dialog" | "confirm">();
  const tell = useTell();
  return (
    <Card title="Above the page">
      <div className={styles["row"]}>
        <Button onClick={() => setOpen("dialog")}>Dialog</Button>
        <Button look="danger" onClick={() => setOpen("confirm")}>
          Delete…
        </Button>
        <Menu label="Actions" items={[{ label: "Duplicate" }, { label: "Copy link" }, { label: "Delete", danger: true }]} />
        <Button onClick={() => tell("The session was deleted.", "info", { label: "Undo", onSelect: () => tell("It is back.") })}>Notice</Button>
        <Button onClick={() => tell("That did not work.", "error")}>Error notice</Button>
      </div>
      {open === "dialog" && (
        <Dialog title="A dialog" onClose={() => setOpen(undefined)} actions={<Button look="primary">Save</Button>}>
          Words in a dialog.
        </Dialog>
      )}
      {open === "confirm" && (
        <ConfirmDialog
          title="Delete the session?"
          action="Delete session"
          sayError={() => "It did not work."}
          onConfirm={() => Promise.reject(new Error("no"))}
          onClose={() => setOpen(undefined)}
        >
          Its recordings stay.
        </ConfirmDialog>
      )}
    </Card>
  );
}

function States() {
  const [tab, setTab] = useState<"one" | "two">("one");
  return (
    <Card title="States">
      <Progress label="Rendering" value={0.42} />
      <Progress label="Waiting" />
      <Skeleton rows={2} />
      <Spinner label="One moment…" />
      <Tabs label="Parts" value={tab} onChange={setTab} tabs={[{ name: "one", label: "One" }, { name: "two", label: "Two", badge: <Badge>12</Badge> }]}>
        Panel {tab}
      </Tabs>
      <EmptyState icon={<Inbox size={32} aria-hidden />} title="Nothing here yet" actions={<Button look="primary">Make the first</Button>}>
        It begins with one.
      </EmptyState>
    </Card>
  );
}

const ROWS = [
  { id: "1", title: "Opening", seats: 12, state: "live" as const },
  { id: "2", title: "Roundtable about something with quite a long title", seats: 3, state: "plain" as const },
];

function Listing() {
  const [text, setText] = useState("round");
  const [sorting, setSorting] = useState<Sorting<"title" | "seats">>({ by: "title", descending: false });
  return (
    <>
      <Toolbar label="Find">
        <SearchField label="Search sessions" value={text} onChange={setText} />
        <Button>Filter</Button>
      </Toolbar>
      <Table
        label="Sessions"
        rows={ROWS}
        keyOf={(row) => row.id}
        sorting={sorting}
        onSort={(next) => setSorting(next as typeof sorting)}
        columns={[
          { name: "title", label: "Title", title: true, sorts: true, cell: (row) => row.title },
          { name: "state", label: "State", cell: (row) => <Badge tone={row.state}>{row.state}</Badge> },
          { name: "seats", label: "Seats", sorts: true, align: "end", cell: (row) => row.seats },
          { name: "menu", label: "Actions", hideLabel: true, align: "end", cell: () => <Menu label="Actions" items={[{ label: "Delete", danger: true }]} /> },
        ]}
      />
      <More shown={2} more busy={false} onMore={() => undefined} />
    </>
  );
}
