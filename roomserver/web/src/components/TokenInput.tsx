import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { useState } from "react";
import { t } from "../messages";
import { IconButton } from "./Button";
import { ComboInput } from "./ComboInput";
import styles from "./Combobox.module.css";
import { Field, type FieldProps } from "./Field";
import type { Option, Suggest } from "./useSuggestions";

interface TokenInputProps extends FieldProps {
  value: readonly Option[];
  onChange: (value: Option[]) => void;
  /** Keep it the same from one drawing to the next (a function of a module, or useCallback). */
  suggest: Suggest;
  /** Where new ones can be made of what was typed (tags). */
  create?: (text: string) => Option | undefined;
  /** The order means something: buttons move the chosen ones. */
  ordered?: boolean;
  placeholder?: string;
  disabled?: boolean;
}

/** Any number of people, tags or things, chosen by typing. */
export function TokenInput({ value, onChange, suggest, create, ordered = false, placeholder, disabled, ...field }: TokenInputProps) {
  const [news, setNews] = useState("");
  const remove = (option: Option): void => {
    onChange(value.filter(({ id }) => id !== option.id));
    setNews(t.widgets.removed(option.label));
  };
  const move = (index: number, by: -1 | 1): void => {
    const next = [...value];
    next.splice(index + by, 0, ...next.splice(index, 1));
    onChange(next);
  };
  return (
    <Field {...field}>
      {(control) => (
        <div>
          <ul className={styles["tokens"]} aria-label={field.label}>
            {value.map((option, index) => (
              <li key={option.id} className={styles["token"]} data-testid="token" data-id={option.id}>
                <span>{option.label}</span>
                {ordered && index > 0 && (
                  <IconButton small label={t.widgets.moveEarlier(option.label)} icon={<ChevronLeft size={16} className="points" aria-hidden />} onClick={() => move(index, -1)} />
                )}
                {ordered && index < value.length - 1 && (
                  <IconButton small label={t.widgets.moveLater(option.label)} icon={<ChevronRight size={16} className="points" aria-hidden />} onClick={() => move(index, 1)} />
                )}
                <IconButton
                  small
                  label={t.widgets.remove(option.label)}
                  icon={<X size={14} aria-hidden />}
                  disabled={disabled}
                  onClick={() => {
                    remove(option);
                    document.getElementById(control.id)?.focus();
                  }}
                />
              </li>
            ))}
          </ul>
          <ComboInput
            control={control}
            suggest={suggest}
            create={create}
            without={value.map(({ id }) => id)}
            placeholder={placeholder}
            disabled={disabled}
            onBack={() => {
              const last = value.at(-1);
              if (last !== undefined) remove(last);
            }}
            onChoose={(option) => {
              onChange([...value, option]);
              setNews(t.widgets.added(option.label));
            }}
          />
          <span className="visually-hidden" role="status">
            {news}
          </span>
        </div>
      )}
    </Field>
  );
}
