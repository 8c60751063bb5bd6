/** Numbers, times and lists as the page's language and the person's region write them. */

/** A moment: what the HTTP API sends (RFC 3339), or a Date. */
export type Moment = Date | string;

/** `zone` is an IANA name; without one, times are the device's own. */
export interface InZone {
  zone?: string | undefined;
}

let locale = "en";
let kept = new Map<string, unknown>();

/** Called with the language: everything below follows. */
export function setLocale(tag: string): void {
  locale = tag;
  kept = new Map();
}

export function currentLocale(): string {
  return locale;
}

/** Formatters cost much to make and nothing to keep. */
function keep<T>(key: string, make: () => T): T {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as T;
}

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return keep(`n${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
}

function times(options: Intl.DateTimeFormatOptions, zone: string | undefined): Intl.DateTimeFormat {
  const all = zone === undefined ? options : { ...options, timeZone: zone };
  return keep(`t${JSON.stringify(all)}`, () => new Intl.DateTimeFormat(locale, all));
}

function moment(value: Moment): Date {
  return typeof value === "string" ? new Date(value) : value;
}

export function number(value: number): string {
  return numbers({}).format(value);
}

/** 4.25 -> "4.3" */
export function decimal(value: number): string {
  return numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
}

/** 0.5 -> "50%" */
export function percent(share: number): string {
  return numbers({ style: "percent", maximumFractionDigits: 0 }).format(share);
}

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** 1 500 000 -> "1.5 MB" */
export function bytes(count: number): string {
  const power = count < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  const unit = BYTE_UNITS[power] ?? "byte";
  return numbers({ style: "unit", unit, unitDisplay: power === 0 ? "long" : "short", maximumFractionDigits: power > 1 ? 1 : 0 }).format(
    count / 1000 ** power,
  );
}

/** "21 Nov 2026" */
export function date(value: Moment, { zone }: InZone = {}): string {
  return times({ dateStyle: "medium" }, zone).format(moment(value));
}

/** "Saturday, 21 November" */
export function day(value: Moment, { zone }: InZone = {}): string {
  return times({ weekday: "long", day: "numeric", month: "long" }, zone).format(moment(value));
}

/** "Sat, 21 Nov" */
export function shortDay(value: Moment, { zone }: InZone = {}): string {
  return times({ weekday: "short", day: "numeric", month: "short" }, zone).format(moment(value));
}

/** "10:30" */
export function time(value: Moment, { zone }: InZone = {}): string {
  return times({ timeStyle: "short" }, zone).format(moment(value));
}

/** "21 Nov 2026, 10:30" */
export function dateTime(value: Moment, { zone }: InZone = {}): string {
  return times({ dateStyle: "medium", timeStyle: "short" }, zone).format(moment(value));
}

/** "10:30 – 11:15", with dates where it passes midnight. */
export function timeRange(start: Moment, end: Moment, { zone }: InZone = {}): string {
  return times({ timeStyle: "short" }, zone).formatRange(moment(start), moment(end));
}

/** "21 Nov 2026, 10:30 – 11:15" */
export function dateTimeRange(start: Moment, end: Moment, { zone }: InZone = {}): string {
  return times({ dateStyle: "medium", timeStyle: "short" }, zone).formatRange(moment(start), moment(end));
}

/** Names the day that a moment is on, for grouping and comparing: "2026-11-21". */
export function dayKey(value: Moment, { zone }: InZone = {}): string {
  const all = { year: "numeric", month: "2-digit", day: "2-digit", ...(zone !== undefined && { timeZone: zone }) } as const;
  return keep(`k${zone ?? ""}`, () => new Intl.DateTimeFormat("en-CA", all)).format(moment(value));
}

/** "Central European Time" */
export function zoneName(zone: string): string {
  const parts = times({ timeZoneName: "longGeneric" }, zone).formatToParts(new Date());
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}

/** The time zone of this device. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** 75 -> "1:15", 3725 -> "1:02:05" */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const two = numbers({ minimumIntegerDigits: 2 });
  const rest = two.format(whole % 60);
  return hours > 0 ? `${number(hours)}:${two.format(minutes)}:${rest}` : `${number(minutes)}:${rest}`;
}

/** 5400 -> "1 hr 30 min"; less than a minute in seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return unit(whole, "second");
  const minutes = Math.round(whole / 60);
  const parts = [Math.floor(minutes / 60) > 0 && unit(Math.floor(minutes / 60), "hour"), minutes % 60 > 0 && unit(minutes % 60, "minute")];
  return keep("d", () => new Intl.ListFormat(locale, { type: "unit", style: "narrow" })).format(parts.filter((part) => part !== false));
}

function unit(value: number, of: "second" | "minute" | "hour"): string {
  return numbers({ style: "unit", unit: of, unitDisplay: "short" }).format(value);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "in 5 minutes", "yesterday" */
export function relative(value: Moment, now: Moment = new Date()): string {
  const seconds = Math.round((moment(value).getTime() - moment(now).getTime()) / 1000);
  const [step, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return keep("r", () => new Intl.RelativeTimeFormat(locale, { numeric: "auto" })).format(Math.trunc(seconds / size), step);
}

/** A text that may be of another language than what is written around it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** "Ada, Bo and Cem" */
export function list(parts: readonly string[]): string {
  return keep("l", () => new Intl.ListFormat(locale)).format(parts);
}

/** For sorting what people read. */
export function compare(a: string, b: string): number {
  return keep("c", () => new Intl.Collator(locale, { numeric: true })).compare(a, b);
}

/**
 * A language's way of counting: every form that it has must be given, and `#` becomes the number.
 * `Form` is what Intl.PluralRules tells apart in that language.
 */
export function plurals<Form extends Intl.LDMLPluralRule>(language: string): (count: number, forms: Record<Form, string>) => string {
  const rules = new Intl.PluralRules(language);
  return (count, forms) => forms[rules.select(count) as Form].replaceAll("#", number(count));
}
