import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEncoded, plainText, shownCodes } from "./plain-text.ts";
import { scanText } from "./scan-text.ts";
import { fullWidth, hostileTexts, residentIds } from "./sensitive-data.fixture.ts";

const percent = (text: string): string =>
  Array.from(
    new TextEncoder().encode(text),
    (byte) => `%${(byte + 256).toString(16).slice(1)}`,
  ).join("");
const escaped = (text: string): string =>
  Array.from(text, (char) => `\\u${(char.charCodeAt(0) + 0x10000).toString(16).slice(1)}`).join("");

describe("plainText", () => {
  it.each([
    ["as it is", "abc 年", "abc 年"],
    ["full width, but for what stands in Chinese texts", "ＡＢ１２＠：", "AB12@："],
    ["Arabic-Indic digits", "١٢۳", "123"],
    ["invisible characters", "1\u200b2\u00ad3\ufeff4\0", "1234"],
    ["accents that are put on", "e\u0301", "e"],
    ["a cross", "×хХ", "XXX"],
    ["percent-encoding", "%31%E5%B9%B4%F0%9F%98%80", "1年😀"],
    ["percent-encoding twice", "%2531", "1"],
    ["percent-encoding three times", "%252531", "1"],
    ["percent-encoding that is none", "100% %zz %", "100% %zz %"],
    ["percent-encoding that is no UTF-8", "%E5%31", "%E51"],
    ["JSON's escapes", String.raw`\u0031\u5e74\n\t\/`, "1年  /"],
    ["JSON's escapes in JSON", String.raw`\\u0031`, "1"],
    ["JSON's escapes in capitals", String.raw`\u00E9`, "é"],
    ["quotes", String.raw`{\"a\":\\\"b\\\"}`, '{"a":"b"}'],
    ["an escape that ends too early", String.raw`\u00`, String.raw`\u00`],
    ["a stroke at the end", "a\\", "a\\"],
    ["both", "%5Cu0031", "1"],
  ])("undoes %s", (_name, given, text) => {
    expect(plainText(given).text).toBe(text);
  });

  it("knows where each character stood, whatever the text", () => {
    fc.assert(
      fc.property(hostileTexts, (given) => {
        const plain = plainText(given);
        let done = 0;
        for (let i = 0; i < plain.text.length; i++) {
          expect(plain.start(i)).toBeGreaterThanOrEqual(i === 0 ? 0 : plain.start(i - 1));
          expect(plain.end(i + 1)).toBeGreaterThan(plain.start(i));
          expect(plain.end(i + 1)).toBeGreaterThanOrEqual(done);
          done = plain.end(i + 1);
        }
        expect(done).toBeLessThanOrEqual(given.length);
      }),
      { numRuns: 500 },
    );
  });

  it("undoes what is written so, and back", () => {
    fc.assert(
      fc.property(
        residentIds,
        fc.array(fc.constantFrom(percent, escaped, fullWidth), { minLength: 1, maxLength: 1 }),
        fc.integer({ min: 0, max: 2 }),
        (id, [write], times) => {
          const once = write!(id);
          const given = Array.from({ length: times }).reduce<string>(
            (text) => text.replaceAll("%", "%25"),
            once,
          );
          expect(plainText(given).text).toBe(id);
          expect([plainText(given).start(0), plainText(given).end(id.length)]).toEqual([
            0,
            given.length,
          ]);
        },
      ),
    );
  });
});

describe("scanText", () => {
  it.each<[string, (id: string) => string]>([
    ["percent-encoding", percent],
    ["percent-encoding twice", (id) => encodeURIComponent(percent(id))],
    ["percent-encoding three times", (id) => encodeURIComponent(encodeURIComponent(percent(id)))],
    ["JSON's escapes", escaped],
    ["JSON's escapes in JSON", (id) => JSON.stringify(escaped(id)).slice(1, -1)],
    ["full width", fullWidth],
    ["full width, percent-encoded", (id) => percent(fullWidth(id))],
    ["escapes of full width", (id) => escaped(fullWidth(id))],
    [
      "a mixture",
      (id) =>
        id.slice(0, 5) +
        percent(id.slice(5, 9)) +
        fullWidth(id.slice(9, 12)) +
        escaped(id.slice(12)),
    ],
    ["zero-width characters", (id) => [...id].join("\u200b")],
    ["a query", (id) => `?a=1&id=${percent(id)}`],
  ])("TC-D6.2a: finds an ID through %s, from its first to its last character", (_name, write) => {
    fc.assert(
      fc.property(residentIds, (id) => {
        const text = `号=${write(id)} 。`;
        const [found] = scanText(text).filter(({ type }) => type === "cn-resident-id");
        expect(found).toMatchObject({ end: text.length - 2 });
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["Roman ten", "11010519491231002Ⅹ"],
    ["Greek chi", "11010519491231002Χ"],
    ["small Greek chi", "11010519491231002χ"],
  ])("TC-D6.2a: reads %s as the check character", (_name, text) => {
    expect(scanText(text)).toMatchObject([{ type: "cn-resident-id" }]);
  });
});

describe("shownCodes", () => {
  it("leaves ASCII and Chinese alone, and shows no control character", () => {
    for (let code = 0x20; code < 0x7f; code++) expect(shownCodes()[code]).toBe(code);
    for (let code = 0x4e00; code < 0xa000; code++) expect(shownCodes()[code]).toBe(code);
    for (const code of [0, 1, 8, 0x1f, 0x7f, 0x80, 0xad, 0x200b, 0x202e, 0x2060, 0xfeff])
      expect(shownCodes()[code]).toBe(0);
    for (const code of [9, 10, 13]) expect(shownCodes()[code]).toBe(code);
  });
});

describe("isEncoded", () => {
  it("asks for two hexadecimal digits", () => {
    expect(["%31", "%aF", "%3", "%", "%g1", "%1 "].map((text) => isEncoded(text, 0))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
