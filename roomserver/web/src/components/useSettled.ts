import { useEffect, useState } from "react";

const WAIT = 250;

/** The value once it stands still for a moment: what is typed, as something to search for. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), WAIT);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
