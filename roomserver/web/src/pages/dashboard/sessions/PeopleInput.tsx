import { useEffect, useState } from "react";
import { Link } from "wouter";
import { readRegistrant } from "../../../browser/api/registrants";
import type { FieldProps } from "../../../components/Field";
import { TokenInput } from "../../../components/TokenInput";
import type { Option } from "../../../components/useSuggestions";
import { d } from "../../../messages/dashboard";
import { suggestPeople } from "./lookups";

/** So many are shown by name; of longer lists the rest is counted. */
const SHOWN = 40;

interface PeopleInputProps extends FieldProps {
  /** Ids of registrants. */
  value: readonly string[];
  onChange: (value: string[]) => void;
}

/** Registrants, chosen by typing a part of a name or address. */
export function PeopleInput({ value, onChange, hint, ...field }: PeopleInputProps) {
  const [known, setKnown] = useState<ReadonlyMap<string, Option>>(new Map());
  const shown = value.slice(0, SHOWN);
  const rest = value.slice(SHOWN);
  const missing = shown.filter((id) => !known.has(id)).join(" ");
  useEffect(() => {
    if (missing === "") return;
    const abort = new AbortController();
    const load = missing.split(" ").map(async (id): Promise<Option> => {
      // Somebody who can't be read (any more) is shown by id, and can be taken away.
      const name = await readRegistrant(id, abort.signal).then((person) => person.name, () => id);
      return { id, label: name };
    });
    void Promise.all(load).then((options) => {
      if (!abort.signal.aborted) setKnown((all) => new Map([...all, ...options.map((option) => [option.id, option] as const)]));
    });
    return () => abort.abort();
  }, [missing]);
  const change = (options: Option[]): void => {
    setKnown((all) => new Map([...all, ...options.map((option) => [option.id, option] as const)]));
    const ids = options.map(({ id }) => id);
    const added = ids.filter((id) => !value.includes(id));
    onChange([...(rest.length === 0 ? [] : added), ...ids.filter((id) => rest.length === 0 || value.includes(id)), ...rest]);
  };
  return (
    <TokenInput
      {...field}
      hint={
        <>
          {hint} {d.sessions.form.peopleHint} <Link href="/dashboard/registrants">{d.frame.pages.registrants}</Link> {rest.length > 0 && d.sessions.form.morePeople(rest.length)}
        </>
      }
      value={shown.map((id) => known.get(id) ?? { id, label: "…" })}
      onChange={change}
      suggest={suggestPeople}
    />
  );
}
