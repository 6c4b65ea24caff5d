import { describe, expect, it } from "vitest";
import { stepOutcome } from "./step-outcome.ts";

const seen = { countBefore: 2, countAfter: 0, readPathProven: true, remnants: [] };

describe("stepOutcome", () => {
  it("WX-4.4.7c: says verified-absent only when rows were there, are gone, and reading is known to find them", () => {
    expect(stepOutcome(seen, 0)).toBe("verified-absent");
    expect(stepOutcome({ ...seen, readPathProven: false }, 0)).toBe("accepted-by-store");
    expect(stepOutcome({ ...seen, countAfter: undefined }, 0)).toBe("accepted-by-store");
    expect(stepOutcome({ ...seen, countAfter: undefined, expires: true }, 0)).toBe(
      "residual-until",
    );
    expect(stepOutcome({ ...seen, countBefore: 0 }, 0)).toBe("not-found");
    expect(stepOutcome({ ...seen, countAfter: 1 }, 0)).toBe("failed");
  });

  it("calls data residual until the last remnant is gone", () => {
    const remnants = [{ where: "write-ahead log", until: "1970-01-02T00:00:00.000Z" }];
    expect(stepOutcome({ ...seen, remnants }, 0)).toBe("residual-until");
    expect(stepOutcome({ ...seen, remnants }, 86_400_000)).toBe("verified-absent");
  });

  it("takes an end it cannot read for one that has not come", () => {
    const remnants = [{ where: "write-ahead log", until: "soon" }];
    expect(stepOutcome({ ...seen, remnants }, 0)).toBe("residual-until");
  });
});
