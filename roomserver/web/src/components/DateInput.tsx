import { Field, type FieldProps } from "./Field";

interface DateInputProps extends FieldProps {
  /** "2026-11-21", or "" while there is none. */
  value: string;
  onChange: (value: string) => void;
}

/** A day, without a time. */
export function DateInput({ value, onChange, ...field }: DateInputProps) {
  return <Field {...field}>{(control) => <input {...control} type="date" value={value} onChange={(event) => onChange(event.target.value)} />}</Field>;
}
