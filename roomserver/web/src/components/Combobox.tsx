import { X } from "lucide-react";
import { t } from "../messages";
import { IconButton } from "./Button";
import { ComboInput } from "./ComboInput";
import styles from "./Combobox.module.css";
import { Field, type FieldProps } from "./Field";
import type { Option, Suggest } from "./useSuggestions";

interface ComboboxProps extends FieldProps {
  value: Option | null;
  onChange: (value: Option | null) => void;
  /** Keep it the same from one drawing to the next (a function of a module, or useCallback). */
  suggest: Suggest;
  placeholder?: string;
  disabled?: boolean;
}

/** One thing of many, chosen by typing a part of its name. */
export function Combobox({ value, onChange, suggest, placeholder, disabled, ...field }: ComboboxProps) {
  return (
    <Field {...field}>
      {(control) =>
        value === null ? (
          <ComboInput control={control} suggest={suggest} placeholder={placeholder} disabled={disabled} onChoose={onChange} />
        ) : (
          <div className={styles["chosen"]}>
            <input {...control} readOnly value={value.label} disabled={disabled} dir="auto" />
            <IconButton
              label={t.widgets.clearField(field.label)}
              icon={<X size={18} aria-hidden />}
              disabled={disabled}
              onClick={() => {
                onChange(null);
                document.getElementById(control.id)?.focus();
              }}
            />
          </div>
        )
      }
    </Field>
  );
}
