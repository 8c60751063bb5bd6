import { X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { Named } from "../../../browser/api/named";
import { Button, IconButton } from "../../../components/Button";
import { Combobox } from "../../../components/Combobox";
import { DateInput } from "../../../components/DateInput";
import { SearchField, Toolbar } from "../../../components/SearchField";
import { Select } from "../../../components/Select";
import { suggestFrom } from "../../../components/useSuggestions";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import styles from "./SessionList.module.css";
import { type Filters, NO_FILTERS, isFiltered } from "./filters";

interface FilterBarProps {
  filters: Filters;
  onChange: (changes: Partial<Filters>) => void;
  ticketTypes: readonly Named[];
  tags: readonly string[];
}

export function FilterBar({ filters, onChange, ticketTypes, tags }: FilterBarProps) {
  const l = d.sessions.list;
  const suggestTags = useMemo(() => suggestFrom(tags.map((tag) => ({ id: tag, label: tag }))), [tags]);
  return (
    <div className={styles["filters"]}>
      <SearchField label={l.search} value={filters.q} onChange={(q) => onChange({ q })} testId="sessions-search" />
      <Toolbar label={l.filters}>
        <Group label={l.dates} filled={filters.from !== "" || filters.to !== ""} onClear={() => onChange({ from: "", to: "" })} testId="clear-dates">
          <DateInput label={l.from} value={filters.from} onChange={(from) => onChange({ from })} testId="filter-from" />
          <DateInput label={l.to} value={filters.to} onChange={(to) => onChange({ to })} testId="filter-to" />
        </Group>
        <Group label={l.ticketType} filled={filters.ticket !== ""} onClear={() => onChange({ ticket: "" })} testId="clear-ticket">
          <Select
            label={l.ticketType}
            value={filters.ticket}
            onChange={(ticket) => onChange({ ticket })}
            options={[{ value: "", label: l.anyTicketType }, ...ticketTypes.map(({ id, name }) => ({ value: id, label: name }))]}
            testId="filter-ticket"
          />
        </Group>
        <Combobox
          label={l.tag}
          className={styles["tag"]}
          value={filters.tag === "" ? null : { id: filters.tag, label: filters.tag }}
          onChange={(tag) => onChange({ tag: tag?.id ?? "" })}
          suggest={suggestTags}
          testId="filter-tag"
        />
        {isFiltered(filters) && (
          <Button look="quiet" icon={<X size={18} aria-hidden />} onClick={() => onChange(NO_FILTERS)} data-testid="clear-filters">
            {l.clearAll}
          </Button>
        )}
      </Toolbar>
    </div>
  );
}

/** Fields that belong together, with one button that clears them. */
function Group(props: { label: string; filled: boolean; onClear: () => void; testId: string; children: ReactNode }) {
  return (
    <div role="group" aria-label={props.label} className={styles["group"]}>
      {props.children}
      {props.filled && (
        <IconButton label={t.widgets.clearField(props.label)} icon={<X size={18} aria-hidden />} onClick={props.onClear} data-testid={props.testId} />
      )}
    </div>
  );
}
