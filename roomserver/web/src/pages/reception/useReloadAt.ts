import { useEffect } from "react";
import { serverNow } from "../../browser/api/http";

/** Longer waits are no timer's business: browsers wrap around after 24 days. */
const LONGEST = 86_400_000;

/** Milliseconds within which the visitors of an event ask, one after the other, once the moment has come. */
const SPREAD = 4_000;

/** Calls `reload` at the moment (RFC 3339), by the server's clock. */
export function useReloadAt(moment: string | null, reload: () => void): void {
  useEffect(() => {
    if (moment === null) return;
    const wait = Date.parse(moment) - serverNow() * 1000;
    if (wait > LONGEST) return;
    const timer = setTimeout(reload, Math.max(1_000, wait + 500 + Math.random() * SPREAD));
    return () => clearTimeout(timer);
  }, [moment, reload]);
}
