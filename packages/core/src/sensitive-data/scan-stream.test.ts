import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "./finding.ts";
import { createScanStream } from "./scan-stream.ts";
import { scanText } from "./scan-text.ts";
import {
  bankCards,
  emails,
  farText,
  fullWidth,
  mobiles,
  residentIds,
} from "./sensitive-data.fixture.ts";

const ID = "11010519491231002X";

/** Lines as a log or an export has them. */
const lines: fc.Arbitrary<string> = fc.oneof(
  residentIds.map((id) => `{"note":"证件 ${id}","ok":true}`),
  residentIds.map((id) => `x ${fullWidth(id)} \u200b%E5%B2%81`),
  bankCards.map((card) => `卡 ${card.replaceAll(/(.{4})(?=.)/g, "$1 ")}，请核对`),
  mobiles.map((phone) => `tel:${phone};`),
  emails.map((email) => `"to":"${email}",`),
  fc.constantFrom(
    "患者确诊糖尿病，长期服药",
    "本店糖尿病专用饼干",
    "我家宝宝3岁。",
    "适合3岁以上儿童",
    '{"diagnosis":"flu","religion":""}',
    "password: hunter2x",
    "2026-11-24T10:30:15.000Z GET /api/orders/20261124103015000123456 200",
    "39.9042,116.4074",
  ),
  farText,
);

/** A text of so many lines as make it longer than what is held back several times. */
const longTexts: fc.Arbitrary<string> = fc
  .array(lines, { minLength: 20, maxLength: 40 })
  .map((all) => `${all.join("\n")}\n`)
  .map((block) => block.repeat(Math.ceil(61_000 / block.length)));

const written = (pieces: readonly string[]): readonly Finding[] => {
  const stream = createScanStream();
  return [...pieces.flatMap((piece) => stream.write(piece)), ...stream.end()];
};

const cutAt = (text: string, places: readonly number[]): readonly string[] => {
  const cuts = places.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b);
  return [0, ...cuts].map((from, i) => text.slice(from, cuts[i]));
};

describe("createScanStream", () => {
  it("TC-D6.2a: finds in pieces what stands in the whole, wherever it is cut", () => {
    fc.assert(
      fc.property(longTexts, fc.array(fc.nat(), { maxLength: 30 }), (text, places) => {
        expect(written(cutAt(text, places))).toEqual(scanText(text));
      }),
      { numRuns: 25 },
    );
  });

  it("finds the same in short texts, cut anywhere", () => {
    fc.assert(
      fc.property(
        fc.array(lines, { maxLength: 5 }).map((all) => all.join("\n")),
        fc.array(fc.nat(), { maxLength: 10 }),
        (text, places) => {
          expect(written(cutAt(text, places))).toEqual(scanText(text));
        },
      ),
    );
  });

  it("finds the same in a text that comes character by character, in the middle of an ID and of an emoji", () => {
    const text = `${"一行普通的文字😀\n".repeat(3000)}证件 ${ID}。`;
    expect(written([...text].flatMap((char) => char.split("")))).toEqual(scanText(text));
  });

  it("tells of what came early before the end, and holds back a bounded part", () => {
    const stream = createScanStream();
    const line = "一行普通的文字\n";
    const first = stream.write(`证件 ${ID}\n`);
    let written = ID.length + 4;
    let told: readonly Finding[] = first;
    while (told.length === 0 && written < 100_000) {
      told = stream.write(line);
      written += line.length;
    }
    expect(told).toMatchObject([{ type: "cn-resident-id", start: 3, end: 21 }]);
    expect(written).toBeLessThanOrEqual(20_000);
    expect(stream.end()).toEqual([]);
  });

  it("tells offsets in the whole text", () => {
    const before = "一行普通的文字\n".repeat(20_000);
    expect(written([before, ID, "\n", before, ID])).toMatchObject([
      { start: before.length, end: before.length + 18 },
      { start: before.length * 2 + 19, end: before.length * 2 + 37 },
    ]);
  });

  it("minds the profile, and finds nothing in nothing", () => {
    const stream = createScanStream({ profile: "cn-current" });
    expect([...stream.write(ID), ...stream.end()]).toEqual([]);
    expect(createScanStream().end()).toEqual([]);
    expect(written(["", "", ""])).toEqual([]);
  });

  it("does not tell of anything twice, and keeps order", () => {
    const text = `${ID},`.repeat(5000);
    const found = written(cutAt(text, [7, 16_000, 16_384, 40_003, 70_001]));
    expect(found).toHaveLength(5000);
    expect(found.map(({ start }) => start)).toEqual(Array.from({ length: 5000 }, (_, i) => i * 19));
  });
});
