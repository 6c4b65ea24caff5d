import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { type CanonicalShape, compileCanonicalShape } from "./canonical-shape.ts";

const shape: CanonicalShape = {
  object: {
    zeta: "string",
    "€": "number",
    alpha: { optional: "boolean" },
    list: { array: { object: { b: "number", a: { optional: "string" } } } },
    free: "json",
  },
};
const values = fc.record(
  {
    zeta: fc.string({ unit: "grapheme" }),
    "€": fc.double({ noNaN: true, noDefaultInfinity: true }),
    alpha: fc.boolean(),
    list: fc.array(fc.record({ b: fc.integer(), a: fc.string() }, { requiredKeys: ["b"] })),
    free: fc.jsonValue(),
  },
  { requiredKeys: ["zeta", "€", "list", "free"] },
);

describe("compileCanonicalShape", () => {
  const write = compileCanonicalShape(shape);

  it("writes the same bytes as canonicalJson", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(write(value)).toBe(canonicalJson(value));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, unknown]>([
    ["a missing member", { zeta: "", "€": 1, list: [] }],
    ["an extra member", { zeta: "", "€": 1, list: [], free: 1, other: 1 }],
    ["an extra member inside", { zeta: "", "€": 1, list: [{ b: 1, c: 1 }], free: 1 }],
    ["another kind", { zeta: 1, "€": 1, list: [], free: 1 }],
    ["NaN", { zeta: "", "€": Number.NaN, list: [], free: 1 }],
    ["an array for an object", []],
    ["null", null],
  ])("rejects %s", (_name, value) => {
    expect(() => write(value)).toThrow(expect.objectContaining({ code: "ERR_INPUT_INVALID" }));
  });

  it("refuses an optional shape that is no member", () => {
    expect(() => compileCanonicalShape({ array: { optional: "string" } })).toThrow(TypeError);
  });
});
