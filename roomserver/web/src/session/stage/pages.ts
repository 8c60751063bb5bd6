import type { Seat } from "roomserver-client";

export interface CameraPages {
  /** Cameras of the page, in order. */
  cameras: readonly string[];
  /** From 0; the first one has those who speak. */
  page: number;
  pages: number;
}

/**
 * The cameras of a page: the first has those chosen, the others everybody else in the order of arrival, so that nobody
 * jumps about while one leafs. A page that is gone becomes the last.
 */
export function pageOf(
  chosen: readonly string[],
  overflow: readonly string[],
  seats: Readonly<Record<string, Seat>>,
  wanted: number,
  size: number,
): CameraPages {
  const since = (id: string): number => seats[id]?.since ?? 0;
  const rest = [...overflow].sort((a, b) => since(a) - since(b) || (a < b ? -1 : 1));
  const pages = 1 + Math.ceil(rest.length / size);
  const page = Math.max(0, Math.min(wanted, pages - 1));
  return { cameras: page === 0 ? chosen : rest.slice((page - 1) * size, page * size), page, pages };
}
