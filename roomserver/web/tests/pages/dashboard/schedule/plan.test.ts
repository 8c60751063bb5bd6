import { describe, expect, it } from "vitest";
import { endFor } from "../../../../src/pages/dashboard/schedule/plan";

describe("the end of a segment whose beginning is chosen", () => {
  it("is an hour later, as long as none was chosen", () => {
    expect(endFor("2030-05-01T09:30:00Z", null)).toBe("2030-05-01T10:30:00.000Z");
  });

  it("stays where it was put", () => {
    expect(endFor("2030-05-01T09:30:00Z", "2030-05-01T09:45:00Z")).toBe("2030-05-01T09:45:00Z");
    expect(endFor(null, null)).toBeNull();
  });
});
