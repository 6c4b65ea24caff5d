import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64Run } from "./base64-text.ts";
import { scanText } from "./scan-text.ts";
import { residentIds } from "./sensitive-data.fixture.ts";

const ID = "11010519491231002X";
/** Standard and URL-safe letters, without padding. */
const encoded = (text: string, urlSafe = false): string => {
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, "");
  return urlSafe ? base64.replaceAll("+", "-").replaceAll("/", "_") : base64;
};
const decoded = (base64: string): string | undefined => base64Run(base64, 0, 0).text;

describe("base64Run", () => {
  it("reads every text there is, in both alphabets", () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: "grapheme", maxLength: 40 })
          .map((text) => `twelve bytes${text.replace(/\p{Cc}/gu, "")}`),
        fc.boolean(),
        (text, urlSafe) => {
          expect(decoded(encoded(text, urlSafe))).toBe(text);
        },
      ),
    );
  });

  it("reads a long one", () => {
    const text = "😀中a".repeat(5000);
    expect(decoded(encoded(text))).toBe(text);
  });

  it.each([
    ["bytes that are no text", "some text of some length\0"],
    ["the half of a character at the end", "some text of some length\xe4\xb8"],
    ["the half of a character within", "some text \xe4\xb8of some length"],
    ["a byte that begins nothing", "some text \x80of some length"],
    ["an overlong form", "some text \xc0\xb1of some length"],
    ["what is short", "some text"],
  ])("%s is none", (_name, bytes) => {
    expect(decoded(btoa(bytes).replace(/=+$/, ""))).toBeUndefined();
  });

  it("goes from the first to the last of its letters around a place, and not below the floor", () => {
    const letters = encoded("some text of some length");
    expect(base64Run(`中：${letters}= y`, 9, 0)).toEqual({
      start: 2,
      end: 2 + letters.length,
      text: "some text of some length",
    });
    expect(base64Run(`abc${letters}`, 9, 3)).toMatchObject({
      start: 3,
      text: "some text of some length",
    });
  });
});

describe("scanText", () => {
  it.each<[string, (id: string) => string]>([
    ["base64", (id) => encoded(id)],
    ["base64 of JSON", (id) => encoded(JSON.stringify({ 姓名: "王小四", id }))],
    ["the URL-safe alphabet", (id) => encoded(`>>>???${id}`, true)],
    ["base64 in base64", (id) => encoded(encoded(encoded(id)))],
    ["percent-encoding in base64", (id) => encoded(encodeURIComponent(JSON.stringify({ id })))],
    ["base64 in JSON", (id) => JSON.stringify({ a: encoded(id) })],
    ["base64 in JSON in JSON", (id) => JSON.stringify(JSON.stringify({ a: encoded(id) }))],
    ["base64 in a query", (id) => `/orders?q=${encoded(id)}&x=y`],
    ["base64 in a data URL", (id) => `data:text/plain;base64,${encoded(id)}`],
    ["percent-encoded base64", (id) => encodeURIComponent(`${encoded(`??>${id}`)}==`)],
    ["base64 after a name", (id) => `data=${encoded(id)}`],
    ["base64 as a part of a path", (id) => `/orders/${encoded(id)}`],
    ["base64 between parts of a path", (id) => `/api/orders/${encoded(id)}/detail`],
    ["URL-safe base64 after an underscore", (id) => `token_${encoded(id)}`],
    ["URL-safe base64 after a hyphen", (id) => `a-${encoded(id)}`],
  ])("TC-D6.2a: finds an ID in %s", (_name, written) => {
    fc.assert(
      fc.property(residentIds, (id) => {
        // Without a digit it is not read.
        fc.pre([id, encoded(encoded(id))].every((text) => /\d/.test(encoded(text))));
        expect(scanText(written(id)).map(({ category }) => category)).toContain(
          "id-document.cn-id-number",
        );
      }),
      { numRuns: 20 },
    );
  });

  it.each([["a phone number, which is short", "13912345678"]])("finds %s", (_name, text) => {
    expect(scanText(`x=${btoa(text)}`)).not.toEqual([]);
  });

  it("spans the whole that was encoded", () => {
    const text = `头 ${encoded(`a ${ID} b`)} 尾`;
    expect(scanText(text)).toMatchObject([{ start: 2, end: text.length - 2 }]);
  });

  it("does not take a picture for a text", () => {
    const png = `iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==`;
    expect(scanText(`data:image/png;base64,${png}`)).toEqual([]);
  });
});
