import { useState } from "react";
import { Field, type FieldProps } from "./Field";

interface NumberInputProps extends FieldProps {
  /** null while the field is empty. */
  value: number | null;
  onChange: (value: number | null) => void;
  least?: number;
  most?: number;
  disabled?: boolean;
}

/** A whole number. What is typed is kept as it is typed; only what is a number is told. */
export function NumberInput({ value, onChange, least, most, disabled, ...field }: NumberInputProps) {
  const [typed, setTyped] = useState(value === null ? "" : String(value));
  const parsed = typed.trim() === "" ? null : Number(typed);
  const shown = parsed === value ? typed : value === null ? "" : String(value);
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          type="number"
          inputMode="numeric"
          value={shown}
          min={least}
          max={most}
          step={1}
          disabled={disabled}
          onChange={(event) => {
            setTyped(event.target.value);
            const next = event.target.value === "" ? null : event.target.valueAsNumber;
            if (next === null || Number.isFinite(next)) onChange(next);
          }}
        />
      )}
    </Field>
  );
}
