import { useMemo } from "react";
import { Card } from "../../../components/Card";
import { Fold } from "../../../components/Fold";
import { NumberInput } from "../../../components/NumberInput";
import { RadioCards } from "../../../components/RadioCards";
import { TextArea, TextInput } from "../../../components/TextInput";
import { TokenInput } from "../../../components/TokenInput";
import { type Option, suggestFrom } from "../../../components/useSuggestions";
import { d } from "../../../messages/dashboard";
import { compare } from "../../../messages/formats";
import { PicturePicker } from "./PicturePicker";
import styles from "./SessionForm.module.css";
import { nameOfNew, newPresenter } from "./draft";
import { type Lookups, optionOf } from "./lookups";
import { type PartProps, anyWrong, sayLooks } from "./parts";

const TITLE_MOST = 60;
const DESCRIPTION_MOST = 140;
const LOCATION_MOST = 200;
const NAME_MOST = 100;
const TAG_MOST = 40;

export function Basics({ editing, lookups }: PartProps) {
  const { values, set, errors } = editing;
  const f = d.sessions.form;
  return (
    <Card title={f.basics}>
      <TextInput
        label={f.title}
        value={values.title}
        onChange={(title) => set({ title })}
        most={TITLE_MOST}
        required
        error={errors["title"]}
        testId="session-title"
      />
      <TextArea
        label={f.description}
        hint={f.descriptionHint}
        value={values.description}
        onChange={(description) => set({ description })}
        most={DESCRIPTION_MOST}
        rows={2}
        error={errors["description"]}
        testId="session-description"
      />
      <Presenters editing={editing} lookups={lookups} />
      <div className={styles["pair"]}>
        <Tags editing={editing} lookups={lookups} />
        <TextInput
          label={f.location}
          hint={f.locationHint}
          value={values.location}
          onChange={(location) => set({ location })}
          most={LOCATION_MOST}
          error={errors["location"]}
          testId="session-location"
        />
      </div>
    </Card>
  );
}

/** Who has this name already is meant, also before the list of matches is there. */
function presenterNamed(name: string, known: Lookups["presenters"]): Option | undefined {
  if (name.length > NAME_MOST) return undefined;
  const same = known.find((each) => compare(each.name, name) === 0);
  return same === undefined ? { id: newPresenter(name), label: name } : optionOf(same);
}

function Presenters({ editing: { values, set, errors }, lookups }: PartProps) {
  const suggest = useMemo(() => suggestFrom(lookups.presenters.map(optionOf)), [lookups.presenters]);
  const names = useMemo(() => new Map(lookups.presenters.map((each) => [each.id, each.name])), [lookups.presenters]);
  return (
    <TokenInput
      label={d.sessions.form.presenters}
      hint={d.sessions.form.presentersHint}
      value={values.presenters.map((id) => ({ id, label: nameOfNew(id) ?? names.get(id) ?? id }))}
      onChange={(options) => set({ presenters: options.map(({ id }) => id) })}
      suggest={suggest}
      create={(name) => presenterNamed(name, lookups.presenters)}
      ordered
      error={errors["presenters"]}
      testId="session-presenters"
    />
  );
}

function Tags({ editing: { values, set, errors }, lookups }: PartProps) {
  const suggest = useMemo(() => suggestFrom(lookups.tags.map((tag) => ({ id: tag, label: tag }))), [lookups.tags]);
  return (
    <TokenInput
      label={d.sessions.form.tags}
      hint={d.sessions.form.tagsHint}
      value={values.tags.map((tag) => ({ id: tag, label: tag }))}
      onChange={(options) => set({ tags: options.map(({ label }) => label) })}
      suggest={suggest}
      create={(tag) => (tag.length > TAG_MOST ? undefined : { id: tag, label: tag })}
      error={errors["tags"]}
      testId="session-tags"
    />
  );
}

/** How it looks among the others. */
export function Looks({ editing }: PartProps) {
  const { values, set, errors } = editing;
  const f = d.sessions.form;
  return (
    <Fold title={f.looks} summary={sayLooks(values)} wrong={anyWrong(errors, "new_picture", "picture_alt", "display_size", "rank")} testId="part-looks">
      <PicturePicker editing={editing} />
      <RadioCards
        label={f.size}
        value={values.display_size}
        onChange={(display_size) => set({ display_size })}
        choices={(["large", "medium"] as const).map((value) => ({ value, label: d.sessions.sizes[value], hint: f.sizeHints[value] }))}
        error={errors["display_size"]}
        testId="session-size"
      />
      <NumberInput
        label={f.rank}
        hint={f.rankHint}
        value={values.rank}
        onChange={(rank) => set({ rank: rank ?? 0 })}
        error={errors["rank"]}
        testId="session-rank"
      />
    </Fold>
  );
}
