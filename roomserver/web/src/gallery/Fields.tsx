import { useState } from "react";
import { Card } from "../components/Card";
import { Checkbox, Switch } from "../components/Checkbox";
import { Combobox } from "../components/Combobox";
import { DateTimeInput } from "../components/DateTimeInput";
import { FileDrop } from "../components/FileDrop";
import { NumberInput } from "../components/NumberInput";
import { RadioCards } from "../components/RadioCards";
import { Select } from "../components/Select";
import { PasswordInput, TextArea, TextInput } from "../components/TextInput";
import { TokenInput } from "../components/TokenInput";
import { type Option, suggestFrom } from "../components/useSuggestions";

const PEOPLE: Option[] = ["Ada Lovelace", "Grace Hopper", "Alan Turing", "سارة أحمد"].map((label) => ({ id: label, label, detail: "ada@example.org" }));
const suggest = suggestFrom(PEOPLE);

export function Fields() {
  const [title, setTitle] = useState("A title that is rather near its limit of characters");
  const [text, setText] = useState("");
  const [secret, setSecret] = useState("hunter2");
  const [number, setNumber] = useState<number | null>(50);
  const [when, setWhen] = useState<string | null>("2026-11-21T09:30:00Z");
  const [policy, setPolicy] = useState("anyone");
  const [tags, setTags] = useState<Option[]>(PEOPLE.slice(0, 2));
  const [person, setPerson] = useState<Option | null>(null);
  const [on, setOn] = useState(true);
  const policies = [
    { value: "anyone", label: "Anyone", hint: "Everybody who watches may share." },
    { value: "moderated", label: "Moderated", hint: "A moderator decides." },
  ];
  return (
    <Card title="Fields">
      <TextInput label="Title" required most={60} value={title} onChange={setTitle} hint="Shown everywhere." />
      <TextArea label="Description" most={140} value={text} onChange={setText} error="The server says no." />
      <PasswordInput label="Password" value={secret} onChange={setSecret} />
      <NumberInput label="Most on screen" value={number} onChange={setNumber} least={1} most={50} />
      <DateTimeInput label="Begins" value={when} onChange={setWhen} zone="Europe/Berlin" />
      <Select label="Policy" value={policy} options={policies} onChange={setPolicy} />
      <RadioCards label="Who can share" value={policy} choices={policies} onChange={setPolicy} />
      <TokenInput label="Moderators" value={tags} onChange={setTags} suggest={suggest} ordered create={(label) => ({ id: label, label })} />
      <Combobox label="One person" value={person} onChange={setPerson} suggest={suggest} />
      <Checkbox label="Hidden" checked={on} onChange={setOn} hint="Not on the home page." />
      <Switch label="Record" checked={on} onChange={setOn} />
      <FileDrop label="Picture" accept="image/png,image/jpeg" most={2_000_000} onFile={() => undefined} hint="PNG or JPEG, 2 MB" />
    </Card>
  );
}
