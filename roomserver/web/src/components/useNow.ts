import { useEffect, useState } from "react";
import { serverNow } from "../browser/api/http";

/** The server's time in Unix seconds, told again each second: for countdowns and waiting times. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
