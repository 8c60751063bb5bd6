/** Between moments (RFC 3339) and what clocks show in a time zone ("2026-11-21T10:30"). */

function parts(moment: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-u-hc-h23", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const found: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(moment)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** What a clock in the zone shows at that moment, to the minute. */
export function toZone(moment: string | Date, zone: string): string {
  return new Date(parts(new Date(moment).getTime(), zone)).toISOString().slice(0, 16);
}

/**
 * The moment at which a clock in the zone shows that. An hour that a change of clocks leaves out is read as the one
 * after it, and one that comes twice as its first.
 */
export function fromZone(local: string, zone: string): string {
  const wanted = new Date(`${local}Z`).getTime();
  const offsets = [-86_400_000, 86_400_000].map((away) => parts(wanted + away, zone) - (wanted + away));
  const candidates = offsets.map((offset) => wanted - offset);
  const exact = candidates.filter((moment) => parts(moment, zone) === wanted);
  const moment = exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
  return new Date(moment).toISOString().replace(".000Z", "Z");
}
