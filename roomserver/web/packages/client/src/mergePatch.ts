/** A JSON merge patch applied to a document (RFC 7386). Returns a new value; what did not change is shared with the old one. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    // defineProperty: a key named "__proto__" is data like any other.
    else Object.defineProperty(result, key, { value: mergePatch(own(result, key), value), enumerable: true, writable: true, configurable: true });
  }
  return result;
}

function own(map: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
