import { KeyRound, Pencil } from "lucide-react";
import type { Named } from "../../../browser/api/named";
import type { Registrant } from "../../../browser/api/registrants";
import { Badge } from "../../../components/Badge";
import { IconButton } from "../../../components/Button";
import { Menu } from "../../../components/Menu";
import { type Column, Table } from "../../../components/Table";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import styles from "./Registrants.module.css";

export type RegistrantAction = "edit" | "link" | "end" | "delete";

interface RegistrantTableProps {
  rows: readonly Registrant[];
  tickets: readonly Named[];
  onAct: (action: RegistrantAction, who: Registrant) => void;
}

export function RegistrantTable({ rows, tickets, onAct }: RegistrantTableProps) {
  const columns: Column<Registrant>[] = [
    { name: "name", label: d.registrants.name, title: true, cell: ({ name }) => <bdi>{name}</bdi> },
    { name: "email", label: d.registrants.email, cell: ({ email }) => <bdi dir="ltr">{email ?? "–"}</bdi> },
    { name: "ticket", label: d.registrants.ticket, cell: ({ ticket_type }) => <bdi>{tickets.find(({ id }) => id === ticket_type)?.name ?? "–"}</bdi> },
    { name: "tags", label: d.registrants.tags, cell: ({ tags }) => (tags.length === 0 ? "–" : <Tags tags={tags} />) },
    { name: "actions", label: t.widgets.actions, hideLabel: true, align: "end", cell: (who) => <Actions who={who} onAct={(action) => onAct(action, who)} /> },
  ];
  return <Table label={d.frame.pages.registrants} columns={columns} rows={rows} keyOf={({ id }) => id} testId="registrants" />;
}

function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <span className={styles["tags"]}>
      {tags.map((tag) => (
        <Badge key={tag}>
          <bdi>{tag}</bdi>
        </Badge>
      ))}
    </span>
  );
}

function Actions({ who, onAct }: { who: Registrant; onAct: (action: RegistrantAction) => void }) {
  return (
    <span className={styles["actions"]}>
      <IconButton label={d.registrants.linkTitle(who.name)} icon={<KeyRound size={18} aria-hidden />} onClick={() => onAct("link")} data-testid="sign-in-link" />
      <IconButton label={d.registrants.editOf(who.name)} icon={<Pencil size={18} aria-hidden />} onClick={() => onAct("edit")} data-testid="edit-registrant" />
      <Menu
        label={d.registrants.moreOf(who.name)}
        testId="registrant-menu"
        items={[
          { label: d.registrants.end, onSelect: () => onAct("end"), testId: "end-sign-ins" },
          { label: d.registrants.remove, danger: true, onSelect: () => onAct("delete"), testId: "delete-registrant" },
        ]}
      />
    </span>
  );
}
