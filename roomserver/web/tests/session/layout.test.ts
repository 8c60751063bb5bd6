import { describe, expect, it } from "vitest";
import { grid, presentation } from "../../src/session/stage/layout";

const shape = { gap: 8, narrowest: 4 / 3, widest: 16 / 9 };

describe("the grid", () => {
  it.each([
    [1, 1],
    [2, 2],
    [4, 2],
    [9, 3],
    [16, 4],
    [49, 7],
  ])("of %i on a wide stage has %i columns", (count, columns) => {
    expect(grid({ width: 1280, height: 720 }, count, shape).columns).toBe(columns);
  });

  it("stacks two on a phone", () => {
    expect(grid({ width: 360, height: 560 }, 2, shape).columns).toBe(1);
  });

  it.each([
    [375, 500],
    [1280, 620],
    [1920, 900],
    [800, 120],
  ])("always fits 1 to 50 tiles of an allowed shape into %i by %i", (width, height) => {
    for (let count = 1; count <= 50; count++) {
      const { columns, tile } = grid({ width, height }, count, shape);
      const rows = Math.ceil(count / columns);
      expect(columns * tile.width + (columns - 1) * shape.gap).toBeLessThanOrEqual(width);
      expect(rows * tile.height + (rows - 1) * shape.gap).toBeLessThanOrEqual(height);
      expect(tile.width / tile.height).toBeGreaterThan(1.2);
      expect(tile.width / tile.height).toBeLessThan(1.95);
    }
  });

  it("of an area without size has tiles without size", () => {
    expect(grid({ width: 0, height: 0 }, 3, shape).tile).toEqual({ width: 0, height: 0 });
  });
});

describe("a presentation", () => {
  it("puts cameras beside the screen on a wide stage", () => {
    const { main, side, direction } = presentation({ width: 1280, height: 640 }, 3, 8);
    expect(direction).toBe("row");
    expect(main.width + side.width + 8).toBe(1280);
    expect(main.width).toBeGreaterThan(side.width * 3);
  });

  it("puts cameras below the screen on a phone", () => {
    const { main, side, direction } = presentation({ width: 375, height: 560 }, 3, 8);
    expect(direction).toBe("column");
    expect(main.height + side.height + 8).toBe(560);
    expect(main.height).toBeGreaterThan(side.height);
  });

  it("gives the whole stage to a screen without cameras", () => {
    expect(presentation({ width: 1280, height: 640 }, 0, 8).main).toEqual({ width: 1280, height: 640 });
  });
});
