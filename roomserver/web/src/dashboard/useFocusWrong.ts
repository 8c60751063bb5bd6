import { type RefObject, useEffect, useRef } from "react";

/**
 * For a form that counts how often it was refused: each time the first of its wrong fields takes the focus, so that it is
 * seen and read aloud. While one types, the focus stays.
 */
export function useFocusWrong(refusals: number): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [refusals]);
  return form;
}
