import { describe, expect, it } from "vitest";
import { isSameValue, valueForm } from "./value-form.ts";

const MOMENT = "2026-11-24T08:00:00.000Z";

describe("PIPL-46: what a store shows is what it was given", () => {
  it.each<[found: unknown, given: unknown]>([
    ["a", "a"],
    [undefined, null],
    [null, undefined],
    ["9007199254740993", 9_007_199_254_740_993n],
    ["12", 12],
    ["1.50", 1.5],
    [12, "12"],
    [1, true],
    [false, 0],
    [new Date(MOMENT), "2026-11-24T16:00:00+08:00"],
    [MOMENT, new Date(MOMENT)],
    [
      { b: 1, a: [2] },
      { a: [2], b: 1 },
    ],
  ])("%o of %o", (found, given) => expect(isSameValue(found, given)).toBe(true));

  it.each<[found: unknown, given: unknown]>([
    ["a", "A"],
    ["a ", "a"],
    ["12", "12.0"],
    ["012", "12"],
    ["", 0],
    [" ", 0],
    [null, 0],
    [null, false],
    [0, null],
    ["", null],
    [[], 0],
    ["1.51", 1.5],
    [new Date(MOMENT), "2026-11-24T08:00:01Z"],
    [new Date(Number.NaN), new Date(Number.NaN)],
    [new Date(0), null],
    [{ a: 1 }, { a: 2 }],
    [() => 0, () => 0],
  ])("not %o of %o", (found, given) => expect(isSameValue(found, given)).toBe(false));
});

it.each([Number.NaN, "\uD800", () => 0, Symbol("none")])("%o has no form", (value) => {
  // JSON writes what is no number as null.
  expect(valueForm(value)).toBe(typeof value === "number" ? "null" : undefined);
});
