import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../json/json-value.ts";
import { isCanonicalJson, parseStrictJson } from "./strict-json.ts";

describe("parseStrictJson", () => {
  it("reads any JSON whose names are unique", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      }),
    );
    expect(parseStrictJson('{"a":{"a":1},"b":[{"a":"a"},{"a":"}{:"}]}')).toEqual({
      a: { a: 1 },
      b: [{ a: "a" }, { a: "}{:" }],
    });
  });

  it.each([
    '{"a":1,"a":1}',
    '{"a":{"b":1,"c":2,"b":3}}',
    '[{"a":1,"\\u0061":2}]',
    '{"a":[{}],"b":0,"a":[]}',
    '{"a\\"":1,"a\\"":2}',
  ])("refuses a name used twice: %s", (text) => {
    expect(() => parseStrictJson(text)).toThrow(
      expect.objectContaining({ code: "ERR_INPUT_INVALID" }),
    );
  });

  it("refuses what is not JSON without quoting it", () => {
    expect(() => parseStrictJson('{"phone": 13800138000x}')).toThrow(/^(?!.*13800138000)/);
    expect(() => parseStrictJson("")).toThrow(
      expect.objectContaining({ code: "ERR_INPUT_INVALID" }),
    );
  });
});

describe("isCanonicalJson", () => {
  it.each(['{"b":1,"a":2}', '{"a": 1}', "1.0", '"\\u0061"', '"\\ud800"', '{"a":1}\n'])(
    "refuses %j",
    (text) => {
      expect(isCanonicalJson(text, JSON.parse(text) as JsonValue)).toBe(false);
    },
  );
});
