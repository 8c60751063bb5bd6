/** What an edit changes, and what it meets when somebody else was first. Values are JSON. */

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The fields of `draft` that are not as in `base`. */
export function changedFields<T extends object>(base: T, draft: T): Partial<T> {
  const changed: Partial<T> = {};
  for (const name of Object.keys(draft) as (keyof T)[]) {
    if (!same(base[name], draft[name])) changed[name] = draft[name];
  }
  return changed;
}

export interface Merge<T> {
  /** Their newest, with one's own changes wherever they changed nothing. */
  merged: T;
  /** Fields that both changed, to different values: somebody has to choose. */
  disputed: (keyof T)[];
}

/** Joins one's own edit of `base` with what others made of it meanwhile. */
export function mergeEdits<T extends object>(base: T, mine: T, theirs: T): Merge<T> {
  const merged = { ...theirs };
  const disputed: (keyof T)[] = [];
  for (const name of Object.keys(changedFields(base, mine)) as (keyof T)[]) {
    merged[name] = mine[name];
    if (!same(theirs[name], base[name]) && !same(theirs[name], mine[name])) disputed.push(name);
  }
  return { merged, disputed };
}
