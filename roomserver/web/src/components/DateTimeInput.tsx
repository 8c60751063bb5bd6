import { fromZone, toZone } from "../browser/zones";
import { zoneName } from "../messages/formats";
import { Field, type FieldProps } from "./Field";

interface DateTimeInputProps extends FieldProps {
  /** RFC 3339, or null while there is none. */
  value: string | null;
  onChange: (value: string | null) => void;
  /** Date and time are read and typed in this time zone (an IANA name): the event's. */
  zone: string;
  disabled?: boolean;
}

export function DateTimeInput({ value, onChange, zone, disabled, hint, ...field }: DateTimeInputProps) {
  return (
    <Field {...field} hint={hint ?? zoneName(zone)}>
      {(control) => (
        <input
          {...control}
          type="datetime-local"
          value={value === null ? "" : toZone(value, zone)}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value === "" ? null : fromZone(event.target.value, zone))}
        />
      )}
    </Field>
  );
}
