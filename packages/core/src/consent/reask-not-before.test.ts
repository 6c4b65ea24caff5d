import { describe, expect, it } from "vitest";
import { consentEvent as event } from "./consent-event.fixture.ts";
import { reaskNotBefore } from "./reask-not-before.ts";

const DAY_MS = 86_400_000;
const at = (day: number): string => new Date(Date.UTC(2026, 10, day)).toISOString();
const refused = event({ status: "refused", recordedAt: at(1) });

describe("reaskNotBefore", () => {
  it("REG-22, KS-4.4.3: leaves somebody who refused alone for the cool-down", () => {
    expect(reaskNotBefore([refused], "delivery", DAY_MS)).toBe(Date.UTC(2026, 10, 2));
    expect(reaskNotBefore([refused], "offers", DAY_MS)).toBeUndefined();
    expect(reaskNotBefore([], "delivery", DAY_MS)).toBeUndefined();
  });

  it("REG-22: counts from the last refusal", () => {
    const again = event({ status: "refused", recordedAt: at(5) });
    expect(reaskNotBefore([refused, again], "delivery", DAY_MS)).toBe(Date.UTC(2026, 10, 6));
  });

  it("ends with a later decision", () => {
    const given = event({ recordedAt: at(2) });
    expect(reaskNotBefore([refused, given], "delivery", DAY_MS)).toBeUndefined();
    const withdrawn = event({ status: "withdrawn", recordedAt: at(3) });
    expect(reaskNotBefore([refused, given, withdrawn], "delivery", DAY_MS)).toBeUndefined();
  });

  it("REG-22: is not shortened by asking, nor by a grant from before the refusal that arrives late", () => {
    const later = (["requested", "deferred"] as const).map((status) => event({ status }));
    const sent = event({ status: "refused", device: "a", counter: 2, recordedAt: at(1) });
    const late = event({ device: "a", counter: 1, recordedAt: at(2) });
    expect(reaskNotBefore([sent, late, ...later], "delivery", DAY_MS)).toBe(Date.UTC(2026, 10, 2));
  });

  it("refuses a cool-down that is none", () => {
    expect(() => reaskNotBefore([], "delivery", -1)).toThrow(RangeError);
    expect(() => reaskNotBefore([], "delivery", Number.NaN)).toThrow(RangeError);
    expect(reaskNotBefore([refused], "delivery", 0)).toBe(Date.UTC(2026, 10, 1));
  });
});
