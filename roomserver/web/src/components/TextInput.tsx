import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { t } from "../messages";
import { IconButton } from "./Button";
import { Field, type FieldProps, charactersOf } from "./Field";
import styles from "./TextInput.module.css";

interface TextProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  /** The most characters that the server takes: counted while one types, never cut off. */
  most?: number | undefined;
  placeholder?: string;
  disabled?: boolean;
  /** Gets the focus when its dialog opens. */
  first?: boolean;
}

interface TextInputProps extends TextProps {
  type?: "text" | "email" | "url";
  autoComplete?: string;
  spellCheck?: boolean;
}

function countOf(value: string, most: number | undefined): { used: number; most: number } | undefined {
  return most === undefined ? undefined : { used: charactersOf(value), most };
}

export function TextInput(props: TextInputProps) {
  const { value, onChange, most, type = "text", autoComplete = "off", spellCheck, placeholder, disabled, first, ...field } = props;
  return (
    <Field {...field} count={countOf(value, most)}>
      {(control) => (
        <input
          {...control}
          {...common({ placeholder, disabled, first })}
          type={type}
          value={value}
          autoComplete={autoComplete}
          spellCheck={spellCheck ?? type === "text"}
          dir={type === "text" ? "auto" : "ltr"}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function common(props: { placeholder: string | undefined; disabled: boolean | undefined; first: boolean | undefined }): ComponentProps<"input"> {
  return {
    ...(props.placeholder !== undefined && { placeholder: props.placeholder }),
    ...(props.disabled === true && { disabled: true }),
    ...(props.first === true && { "data-autofocus": "" }),
  };
}

/** Several lines; it grows with its text. */
export function TextArea({ value, onChange, most, placeholder, disabled, first, rows = 3, ...field }: TextProps & { rows?: number }) {
  return (
    <Field {...field} count={countOf(value, most)}>
      {(control) => (
        <textarea
          {...control}
          rows={rows}
          value={value}
          placeholder={placeholder}
          disabled={disabled}
          data-autofocus={first === true ? "" : undefined}
          dir="auto"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A secret; a button shows what was typed. */
export function PasswordInput({ value, onChange, most, placeholder, disabled, first, autoComplete = "off", ...field }: TextInputProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field {...field} count={countOf(value, most)}>
      {(control) => (
        <div className={styles["password"]} dir="ltr">
          <input
            {...control}
            {...common({ placeholder, disabled, first })}
            type={shown ? "text" : "password"}
            value={value}
            autoComplete={autoComplete}
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
          <IconButton
            small
            label={shown ? t.widgets.hidePassword : t.widgets.showPassword}
            icon={shown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
            onClick={() => setShown(!shown)}
          />
        </div>
      )}
    </Field>
  );
}
