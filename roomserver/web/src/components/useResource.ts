import { useCallback, useEffect, useReducer, useState } from "react";
import type { Page } from "../browser/api/http";

export interface Resource<T> {
  /** The last that was loaded; kept while it is loaded again. */
  data: T | undefined;
  /** Why the last try failed. */
  error: unknown;
  loading: boolean;
  reload: () => void;
  /** Puts in place what an edit answered with, without loading again. */
  put: (data: T) => void;
}

interface State<T> {
  load: unknown;
  data: T | undefined;
  error: unknown;
  loading: boolean;
}

/**
 * Loads something and keeps it, anew whenever `load` is another function (so: useCallback, or a function of a module).
 * `every`: milliseconds after which it is loaded again, for as long as the page is seen; failures of these are quiet
 * while there is something to show.
 */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, { every }: { every?: number } = {}): Resource<T> {
  const [state, setState] = useState<State<T>>({ load, data: undefined, error: undefined, loading: true });
  const [attempt, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = (): void => {
      load(abort.signal).then(
        (data) => {
          if (abort.signal.aborted) return;
          setState({ load, data, error: undefined, loading: false });
          later();
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setState((known) => ({ load, data: known.load === load ? known.data : undefined, error, loading: false }));
          later();
        },
      );
    };
    const later = (): void => {
      if (every === undefined) return;
      timer = setTimeout(() => (document.visibilityState === "visible" ? run() : later()), every);
    };
    run();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [load, attempt, every]);
  const reload = useCallback(() => {
    setState((known) => ({ ...known, error: undefined, loading: true }));
    again();
  }, []);
  const put = useCallback((data: T) => setState((known) => ({ ...known, data })), []);
  const current = state.load === load;
  return { data: state.data, error: current ? state.error : undefined, loading: !current || state.loading, reload, put };
}

export interface Pages<T> {
  items: readonly T[] | undefined;
  error: unknown;
  more: boolean;
  busy: boolean;
  loadMore: () => void;
  reload: () => void;
}

/** A list that comes in pages, begun anew whenever `load` is another function. */
export function usePages<T>(load: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>): Pages<T> {
  const first = useResource(useCallback((signal: AbortSignal) => load(null, signal), [load]));
  const [rest, setRest] = useState<{ of: Page<T>; pages: Page<T>[]; error: unknown; busy: boolean }>();
  const follow = rest !== undefined && rest.of === first.data ? rest : undefined;
  const next = (follow?.pages.at(-1) ?? first.data)?.next ?? null;
  const loadMore = (): void => {
    const of = first.data;
    if (of === undefined || next === null || follow?.busy === true) return;
    const pages = follow?.pages ?? [];
    setRest({ of, pages, error: undefined, busy: true });
    load(next, new AbortController().signal).then(
      (page) => setRest((known) => (known?.of === of ? { of, pages: [...pages, page], error: undefined, busy: false } : known)),
      (error: unknown) => setRest((known) => (known?.of === of ? { of, pages, error, busy: false } : known)),
    );
  };
  return {
    items: first.data === undefined ? undefined : [first.data, ...(follow?.pages ?? [])].flatMap((page) => page.items),
    error: first.error ?? follow?.error,
    more: next !== null,
    busy: first.loading || follow?.busy === true,
    loadMore,
    reload: first.reload,
  };
}
