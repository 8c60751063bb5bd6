import { type KeyboardEvent, useState } from "react";
import { t } from "../messages";
import styles from "./Combobox.module.css";
import type { ControlProps } from "./Field";
import { type Option, type Suggest, useSuggestions } from "./useSuggestions";

interface ComboInputProps {
  control: ControlProps;
  suggest: Suggest;
  /** Not offered: chosen already. */
  without?: readonly string[];
  onChoose: (option: Option) => void;
  /** Makes an option of what was typed, where that is allowed; undefined where it isn't. */
  create?: ((text: string) => Option | undefined) | undefined;
  /** Backspace in the empty field. */
  onBack?: () => void;
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
}

const CREATED = "created:";

/** A text field with a list below it: the "editable combobox with list autocomplete" of the ARIA authoring practices. */
export function ComboInput({ control, suggest, without = [], onChoose, create, onBack, placeholder, disabled }: ComboInputProps) {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const suggestions = useSuggestions(suggest, text, open);
  const options = offered(suggestions.state === "ready" ? suggestions.options : [], without, text, create);
  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const choose = (option: Option): void => {
    onChoose(option.id.startsWith(CREATED) ? { ...option, id: option.id.slice(CREATED.length) } : option);
    setText("");
    close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: active + 1, ArrowUp: active < 0 ? options.length - 1 : active - 1 }[event.key];
    if (step !== undefined) {
      setOpen(true);
      setActive(step >= options.length ? -1 : step);
    } else if (event.key === "Enter" && (open || text !== "")) {
      const option = options[active] ?? (create !== undefined && text.trim() !== "" ? options.at(-1) : undefined);
      if (option !== undefined) choose(option);
    } else if (event.key === "Escape" && open) {
      close();
    } else {
      if (event.key === "Backspace" && text === "") onBack?.();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const list = `${control.id}-list`;
  const expanded = open && suggestions.state !== "closed";
  return (
    <div className={styles["frame"]}>
      <input
        {...control}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={expanded}
        aria-controls={list}
        aria-activedescendant={expanded && options[active] !== undefined ? `${list}-${active}` : undefined}
        autoComplete="off"
        dir="auto"
        value={text}
        placeholder={placeholder}
        disabled={disabled}
        onChange={(event) => {
          setText(event.target.value);
          setActive(-1);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      <Choices id={list} options={options} active={active} open={expanded} onActive={setActive} onChoose={choose} />
      <Note state={suggestions.state} found={options.length} />
    </div>
  );
}

interface ChoicesProps {
  id: string;
  options: readonly Option[];
  active: number;
  open: boolean;
  onActive: (index: number) => void;
  onChoose: (option: Option) => void;
}

function Choices({ id, options, active, open, onActive, onChoose }: ChoicesProps) {
  return (
    <ul id={id} role="listbox" aria-label={t.widgets.matches(options.length)} hidden={!open || options.length === 0} className={styles["list"]}>
      {options.map((option, index) => (
        <li
          key={option.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          data-active={index === active}
          data-testid="option"
          className={styles["option"]}
          // Before the field loses the focus.
          onPointerDown={(event) => event.preventDefault()}
          onPointerMove={() => onActive(index)}
          onClick={() => onChoose(option)}
        >
          {option.id.startsWith(CREATED) ? t.widgets.create(option.label) : option.label}
          {option.detail !== undefined && <span>{option.detail}</span>}
        </li>
      ))}
    </ul>
  );
}

/** What there is to choose: the matches, and at the end what was typed, where new ones can be made. */
function offered(found: readonly Option[], without: readonly string[], text: string, create: ComboInputProps["create"]): Option[] {
  const left = found.filter(({ id }) => !without.includes(id));
  const typed = text.trim();
  const known = found.some(({ label }) => label.toLocaleLowerCase() === typed.toLocaleLowerCase());
  const made = typed === "" || known ? undefined : create?.(typed);
  return made === undefined || without.includes(made.id) ? left : [...left, { ...made, id: CREATED + made.id }];
}

/** Seen where the list is empty; heard in any case. */
function Note({ state, found }: { state: string; found: number }) {
  const text = { loading: t.widgets.searching, failed: t.general.somethingWrong, ready: found === 0 ? t.widgets.noMatches : t.widgets.matches(found) }[state];
  const seen = state === "failed" || (state === "ready" && found === 0);
  return (
    <div role="status" className={seen ? `${styles["list"] ?? ""} ${styles["note"] ?? ""}` : "visually-hidden"}>
      {text}
    </div>
  );
}
