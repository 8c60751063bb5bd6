import { useState } from "react";
import { type Versioned, newerVersion } from "../browser/api/http";
import { sayFaults, sayProblem } from "../browser/sayProblem";
import { t } from "../messages";
import { changedFields, mergeEdits } from "./edits";

export interface Conflict<T> {
  base: T;
  mine: T;
  theirs: Versioned<T>;
  /** Fields that both changed. */
  disputed: (keyof T)[];
}

export interface Editing<T> {
  values: T;
  set: (changes: Partial<T>) => void;
  /** What is wrong, by field: what `check` found, or what the server said. */
  errors: Readonly<Record<string, string>>;
  /** How often it was not saved, for whatever is wrong: each time it is shown anew. */
  refusals: number;
  /** Why saving failed, where it is not about fields. */
  problem: string | undefined;
  dirty: boolean;
  busy: boolean;
  /** Sends what changed; true once it is saved. */
  save: () => Promise<boolean>;
  /** Back to what was last saved. */
  discard: () => void;
  /** Somebody else saved other values of the same fields meanwhile: `settle` with one's own, or theirs. */
  conflict: Conflict<T> | undefined;
  settle: (keep: "mine" | "theirs" | undefined) => void;
}

interface State<T> {
  base: Versioned<T>;
  values: T;
  errors: Readonly<Record<string, string>>;
  problem: string | undefined;
  refusals: number;
  busy: boolean;
  conflict: Conflict<T> | undefined;
}

/**
 * An edit of one thing, based on the version that was read. `send` gets only the fields that changed. When somebody else
 * was first, what they changed is taken over; only where both changed the same field the person is asked. What is typed
 * while it is being saved stays, to be saved next. Nothing is sent while `check` finds something missing: it gives
 * sentences by field.
 */
export function useEditing<T extends object>(
  start: Versioned<T>,
  send: (changes: Partial<T>, etag: string) => Promise<Versioned<T>>,
  check: (values: T) => Readonly<Record<string, string>> = () => ({}),
): Editing<T> {
  const [state, setState] = useState<State<T>>(() => begin(start));
  const change = (part: Partial<State<T>>): void => setState((known) => ({ ...known, ...part }));

  /** `sent`: what the form held when it was sent. */
  const attempt = async (base: Versioned<T>, values: T, sent: T, triesLeft: number): Promise<boolean> => {
    try {
      const saved = await send(changedFields(base.value, values), base.etag);
      setState((known) => ({ ...begin(saved), values: { ...saved.value, ...changedFields(sent, known.values) } }));
      return true;
    } catch (error) {
      const newer = newerVersion<T>(error);
      if (newer === undefined || triesLeft === 0) {
        const errors = sayFaults(error);
        const kept = (known: State<T>): T => ({ ...values, ...changedFields(sent, known.values) });
        setState((known) => ({ ...known, base, values: kept(known), errors, problem: sayProblem(error), refusals: known.refusals + 1, busy: false }));
        return false;
      }
      const { merged, disputed } = mergeEdits(base.value, values, newer.value);
      if (disputed.length === 0) return attempt(newer, merged, sent, triesLeft - 1);
      change({ busy: false, conflict: { base: base.value, mine: values, theirs: newer, disputed } });
      return false;
    }
  };

  return {
    values: state.values,
    set: (changes) => setState((known) => ({ ...known, values: { ...known.values, ...changes }, errors: without(known.errors, Object.keys(changes)) })),
    errors: state.errors,
    problem: state.problem,
    refusals: state.refusals,
    dirty: Object.keys(changedFields(state.base.value, state.values)).length > 0,
    busy: state.busy,
    save: async () => {
      const missing = check(state.values);
      if (Object.keys(missing).length > 0) {
        change({ errors: missing, problem: t.general.problems.invalid, refusals: state.refusals + 1 });
        return false;
      }
      change({ busy: true, errors: {}, problem: undefined });
      return attempt(state.base, state.values, state.values, 2);
    },
    discard: () => setState(begin(state.base)),
    conflict: state.conflict,
    settle: (keep) => {
      const { conflict } = state;
      if (conflict === undefined) return;
      if (keep === undefined) {
        change({ conflict: undefined });
        return;
      }
      const { merged } = mergeEdits(conflict.base, conflict.mine, conflict.theirs.value);
      for (const name of conflict.disputed) merged[name] = (keep === "mine" ? conflict.mine : conflict.theirs.value)[name];
      // Not saved yet: the person looks at it once more, and saves.
      setState({ ...begin(conflict.theirs), values: merged });
    },
  };
}

function begin<T>(base: Versioned<T>): State<T> {
  return { base, values: base.value, errors: {}, problem: undefined, refusals: 0, busy: false, conflict: undefined };
}

function without(errors: Readonly<Record<string, string>>, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(errors).filter(([name]) => !names.includes(name)));
}
