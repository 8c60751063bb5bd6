import { useEffect, useState } from "react";

/** Something that can be chosen by typing a part of its name. */
export interface Option {
  id: string;
  label: string;
  /** Tells apart what has the same label: an email address. */
  detail?: string | undefined;
}

/** Answers with what matches the text, best first. */
export type Suggest = (text: string, signal: AbortSignal) => Promise<readonly Option[]>;

const WAIT = 150;

export type Suggestions = { state: "closed" | "loading" | "failed" } | { state: "ready"; options: readonly Option[] };

/** Asks again after each change of the text, a moment after the last key, and forgets answers that come late. */
export function useSuggestions(suggest: Suggest, text: string, open: boolean): Suggestions {
  const [answer, setAnswer] = useState<{ text: string; options: readonly Option[] | undefined }>();
  useEffect(() => {
    if (!open) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      suggest(text, abort.signal).then(
        (options) => {
          if (!abort.signal.aborted) setAnswer({ text, options });
        },
        () => {
          if (!abort.signal.aborted) setAnswer({ text, options: undefined });
        },
      );
    }, text === "" ? 0 : WAIT);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [suggest, text, open]);
  if (!open) return { state: "closed" };
  if (answer?.text !== text) return { state: "loading" };
  return answer.options === undefined ? { state: "failed" } : { state: "ready", options: answer.options };
}

/** For a list that is all there already. */
export function suggestFrom(options: readonly Option[]): Suggest {
  return (text) => {
    const wanted = text.trim().toLocaleLowerCase();
    return Promise.resolve(options.filter(({ label, detail }) => `${label} ${detail ?? ""}`.toLocaleLowerCase().includes(wanted)));
  };
}
