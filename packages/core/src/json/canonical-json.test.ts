import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPrivacyError } from "../errors/privacy-error.ts";
import { canonicalJson, MAX_JSON_DEPTH } from "./canonical-json.ts";

describe("canonicalJson", () => {
  it("writes what the canonicalize package writes, for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 2000 },
    );
  });

  it("is read back as the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("sorts keys by UTF-16 code unit (RFC 8785 §3.2.3)", () => {
    const keys = { "€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, ö: 7 };
    expect(Object.keys(JSON.parse(canonicalJson(keys)))).toEqual([
      "1",
      "\r",
      "\u0080",
      "ö",
      "€",
      "😀",
      "\ufb33",
    ]);
    expect(canonicalJson({ b: 1, a: 2, B: 3, _: 4 })).toBe('{"B":3,"_":4,"a":2,"b":1}');
  });

  it.each([
    [0, "0"],
    [-0, "0"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [9007199254740992, "9007199254740992"],
    [295147905179352830000, "295147905179352830000"],
    [1e21, "1e+21"],
    [9.999999999999997e22, "9.999999999999997e+22"],
    [333333333.3333332, "333333333.3333332"],
    [1e-7, "1e-7"],
    [Number("-0.0000033333333333333333"), "-0.0000033333333333333333"],
    [Number("1424953923781206.2"), "1424953923781206.2"],
  ])("writes the number %d as %s (RFC 8785 appendix B)", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it("escapes control characters and nothing else (RFC 8785 §3.2.2.2)", () => {
    expect(canonicalJson('€$\u000f\nA\'B"\\\\"/\u2028')).toBe(
      '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u2028"',
    );
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["an undefined member", { a: undefined }],
    ["an undefined item", [undefined]],
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
    ["a symbol key", { [Symbol("x")]: 1 }],
    ["a bigint", 1n],
    ["NaN", Number.NaN],
    ["infinity", Number.NEGATIVE_INFINITY],
    ["a lone high surrogate", "a\ud800b"],
    ["a lone low surrogate", "\udc00"],
    ["a lone surrogate in a key", { "\ud83d": 1 }],
    ["a sparse array", [, 1]], // oxlint-disable-line no-sparse-arrays
    ["a Date", new Date(0)],
    ["a Map", new Map()],
    ["bytes", new Uint8Array(1)],
    [
      "a class instance",
      new (class Point {
        x = 1;
      })(),
    ],
    [
      "an accessor",
      {
        get a() {
          return 1;
        },
      },
    ],
    ["a cycle", cyclic],
    ["too deep a nesting", deep(MAX_JSON_DEPTH + 1)],
  ])("rejects %s", (_name, value) => {
    const failure = catchError(() => canonicalJson(value));
    expect(isPrivacyError(failure) && failure.code).toBe("ERR_INPUT_INVALID");
  });

  it("does not call toJSON", () => {
    expect(() => canonicalJson({ toJSON: () => "x" })).toThrow("function");
  });

  it("takes objects without a prototype, and a member called __proto__", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
    expect(canonicalJson(Object.assign(Object.create(null), { b: 1 }))).toBe('{"b":1}');
  });

  it("says nothing of the value it rejects", () => {
    const failure = catchError(() => canonicalJson({ secret: "13912345678", bad: 1n }));
    expect(String(failure)).not.toContain("13912345678");
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
