import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsPlanted, readingsOf } from "./planted-value.ts";

/** Made up. */
const VALUES = [
  "11010519491231002X",
  "4111111111111111",
  "6岁",
  "made-up creed of teapots",
] as const;

const ENCODINGS: { readonly [name: string]: (text: string) => string } = {
  json: (text) => JSON.stringify({ text }),
  "json, escaped": (text) =>
    `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")}"`,
  percent: encodeURIComponent,
  form: (text) => String(new URLSearchParams({ text })),
  base64: (text) => `data:${Buffer.from(`{"text":"${text}"}`).toString("base64")}`,
  base64url: (text) => `x/${Buffer.from(text).toString("base64url")}.`,
  "full width": (text) =>
    text.replaceAll(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  "base64 in lines": (text) =>
    Buffer.from(text.padEnd(90))
      .toString("base64")
      .replaceAll(/(.{60})/g, "$1\r\n"),
  spaced: (text) => text.replaceAll(/(.{4})/g, "$1 "),
};

describe("readingsOf", () => {
  it("finds a value in any encoding, and in two", () => {
    const names = Object.keys(ENCODINGS);
    const inner = fc.constantFrom(...names);
    // Nobody writes what is encoded in another width or spacing, but for lines.
    const outer = fc.constantFrom(
      ...names.filter((name) => !["full width", "spaced"].includes(name)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...VALUES), inner, outer, (value, inner, outer) => {
        const text = ENCODINGS[outer]!(ENCODINGS[inner]!(`before ${value} after`));
        return holdsPlanted(readingsOf(text), value);
      }),
    );
  });

  it("finds none that is masked, or another", () => {
    const text = readingsOf('{"id":"1****************X","card":"************1111","note":"7岁"}');
    expect(VALUES.filter((value) => holdsPlanted(text, value))).toEqual([]);
  });
});
