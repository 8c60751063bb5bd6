/** Where tiles go: pure arithmetic on pixels. */

export interface Size {
  width: number;
  height: number;
}

export interface Grid {
  columns: number;
  tile: Size;
}

export interface Shape {
  gap: number;
  /** Narrowest and widest picture that a tile may have, width by height. */
  narrowest: number;
  widest: number;
}

/** The grid of `count` equal tiles with the largest tiles that fit into the area. */
export function grid(area: Size, count: number, shape: Shape): Grid {
  let best: Grid = { columns: 1, tile: { width: 0, height: 0 } };
  let bestArea = -1;
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const tile = fit(
      {
        width: (area.width - (columns - 1) * shape.gap) / columns,
        height: (area.height - (rows - 1) * shape.gap) / rows,
      },
      shape,
    );
    const size = tile.width * tile.height;
    if (size > bestArea) {
      best = { columns, tile };
      bestArea = size;
    }
  }
  return best;
}

/** The largest picture of an allowed shape within a cell. */
function fit(cell: Size, shape: Shape): Size {
  const width = Math.max(0, cell.width);
  const height = Math.max(0, cell.height);
  if (width > height * shape.widest) return { width: Math.floor(height * shape.widest), height: Math.floor(height) };
  if (width < height * shape.narrowest) return { width: Math.floor(width), height: Math.floor(width / shape.narrowest) };
  return { width: Math.floor(width), height: Math.floor(height) };
}

export interface Presentation {
  /** The area of the shared screens. */
  main: Size;
  /** The area of the cameras beside or below them; no area without cameras. */
  side: Size;
  direction: "row" | "column";
}

const WIDE = 800;

/** A large area for shared screens, and a strip for cameras: beside it on wide stages, below it on narrow ones. */
export function presentation(area: Size, cameras: number, gap: number): Presentation {
  const direction = area.width >= WIDE && area.width > area.height ? "row" : "column";
  if (cameras === 0) return { main: area, side: { width: 0, height: 0 }, direction };
  if (direction === "row") {
    const share = cameras > 12 ? 0.3 : cameras > 6 ? 0.25 : 0.2;
    const width = Math.round(Math.min(Math.max(area.width * share, 170), 420));
    return { main: { width: area.width - width - gap, height: area.height }, side: { width, height: area.height }, direction };
  }
  const height = Math.round(area.height * (cameras > 6 ? 0.45 : cameras > 2 ? 0.38 : 0.3));
  return { main: { width: area.width, height: area.height - height - gap }, side: { width: area.width, height }, direction };
}
