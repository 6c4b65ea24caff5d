import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactText } from "./redact.ts";
import { scanText } from "./scan-text.ts";
import type { SensitiveProfile } from "./sensitive-profile.ts";
import { bankCards, fullWidth, residentIds } from "./sensitive-data.fixture.ts";

/** Surroundings in which no ASCII letter or digit touches what stands between. */
const surroundings = fc.constantFrom(
  ["我的身份证号是", "，请核对"],
  ["", ""],
  ["id:", ";"],
  ["(", ")"],
  ['"', '"'],
  ["卡号", "元"],
  ["\n", "\t"],
  ["编号：", "。"],
);

describe("scanText", () => {
  it("TC-D6.2a: finds every resident ID, wherever it stands, at its place", () => {
    fc.assert(
      fc.property(
        residentIds,
        surroundings,
        fc.constantFrom(
          (id: string) => id,
          (id: string) => id.toLowerCase(),
          fullWidth,
        ),
        (id, [before, after], written) => {
          const text = before + written(id) + after;
          expect(scanText(text)).toEqual([
            {
              type: "cn-resident-id",
              category: "id-document.cn-id-number",
              path: "$",
              start: before.length,
              end: before.length + id.length,
              confidence: 0.99,
              evidence: "content",
            },
          ]);
        },
      ),
    );
  });

  it("TC-D6.2a: finds every card, bare or in groups of four", () => {
    const groups = (separator: string) => (card: string) =>
      card.replaceAll(/(.{4})(?=.)/g, `$1${separator}`);
    fc.assert(
      fc.property(
        bankCards,
        surroundings,
        fc.constantFrom((card: string) => card, groups(" "), groups("-"), fullWidth),
        (card, [before, after], written) => {
          const text = before + written(card) + after;
          const found = scanText(text).filter(({ type }) => type === "bank-card");
          expect(found.map(({ start, end }) => text.slice(start, end))).toEqual([written(card)]);
        },
      ),
    );
  });

  it.each([
    "订单号 20261124103015000123456",
    "WX1234567890123456789",
    "1732435200000",
    "价格 19.90 元，共 3 件",
    "2026-11-24 10:30:15",
    "550e8400-e29b-41d4-a716-446655440000",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "IMG_20261124_103015.jpg",
    "v1.20.300",
    "400-820-8820",
    "6901234567892",
    "SF1234567890123",
    "11010519491231002X0",
    "0.4111111111111111",
    "41.11111111111111",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2",
    "DD4111111111111111",
    "0.1234, 0.5678",
  ])("finds nothing in %s", (text) => {
    expect(scanText(text)).toEqual([]);
  });

  it.each([
    ["spaces", "110105 19491231 002X"],
    ["hyphens", "110105-19491231-002X"],
    ["a space before the check character", "11010519491231002 X"],
    ["each digit apart", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X"],
    ["wide gaps", "110105 - 19491231 - 002X"],
    ["points and strokes", "110105.1949/12/31_002X"],
    ["a line break", "110105\n19491231002X"],
    ["zero-width spaces", [..."11010519491231002X"].join("\u200b")],
    ["soft hyphens", [..."11010519491231002X"].join("\u00ad")],
    ["NUL, as UTF-16 read as UTF-8 has it", [..."11010519491231002X"].join("\u0000")],
    ["a cross for the check character", "11010519491231002×"],
    ["Arabic-Indic digits", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X"],
    ["a letter before it", "id11010519491231002X"],
    ["an underscore before it", "id_11010519491231002X"],
    ["the number of a line before it", "1.11010519491231002X"],
    ["a phone number beside it", "13912345678 11010519491231002X"],
  ])("TC-D6.2a: finds an ID through %s", (_name, text) => {
    const [found] = scanText(text).slice(-1);
    expect(found).toMatchObject({ type: "cn-resident-id", end: text.length });
  });

  it.each([
    ["before a date", "4111 1111 1111 1111 12/27", 0, 19],
    ["before a check value", "4111 1111 1111 1111 123", 0, 19],
    ["after a phone number", "13912345678 4111111111111111", 12, 28],
    ["after an underscore", "card_4111111111111111", 5, 21],
    ["with zero-width characters", [..."4111111111111111"].join("\u200b"), 0, 31],
    ["with dashes of print", "4111–1111–1111–1111", 0, 19],
    ["each digit apart", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", 0, 31],
  ])("finds a card %s", (_name, text, start, end) => {
    expect(scanText(text)).toContainEqual(
      expect.objectContaining({ type: "bank-card", start, end }),
    );
  });

  it("sees a card in digits that a profile does not mind as an ID", () => {
    const both = "621102198802100208";
    const found = (profile: SensitiveProfile) =>
      scanText(both, { profile }).map(({ type }) => type);
    expect(found("tcmpp-strict")).toEqual(["cn-resident-id"]);
    expect(found("cn-current")).toEqual(["bank-card"]);
  });

  it("reports only what the profile lists", () => {
    const text = "11010519491231002X";
    expect(scanText(text, { profile: "tcmpp-strict" })).toHaveLength(1);
    expect(scanText(text, { profile: "cn-current" })).toHaveLength(0);
  });

  it("never shows the value", () => {
    fc.assert(
      fc.property(residentIds, (id) => {
        expect(JSON.stringify(scanText(`x ${id} y`))).not.toContain(id.slice(0, 12));
      }),
    );
  });
});

describe("redactText", () => {
  it("masks as the official display rules say", () => {
    expect(redactText("号码 11010519491231002X 卡 6222020200112233444")).toBe(
      "号码 1****************X 卡 6222020200112233444",
    );
    expect(redactText("卡 4111 1111 1111 1111。")).toBe("卡 ***************1111。");
  });

  it("masks all of what overlaps", () => {
    // The last two groups of the card are the first two of the ID.
    const text = "4111 1105 1101 0519 4912310003";
    expect(scanText(text)).toMatchObject([{ type: "cn-resident-id", start: 10 }]);
    expect(redactText(text)).toBe("*****************************3");
  });

  it("leaves nothing to be found, and the rest of the text alone", () => {
    fc.assert(
      fc.property(fc.oneof(residentIds, bankCards), surroundings, (value, [before, after]) => {
        const masked = redactText(before + value + after);
        expect(scanText(masked)).toEqual([]);
        expect([masked.startsWith(before), masked.endsWith(after), masked.length]).toEqual([
          true,
          true,
          (before + value + after).length,
        ]);
      }),
    );
  });
});
