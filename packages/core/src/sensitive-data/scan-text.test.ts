import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digitRuns } from "./digit-run.ts";
import { redactText } from "./redact.ts";
import { scanText } from "./scan-text.ts";
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
    "13912345678",
    "400-820-8820",
    "010-62345678",
    "6901234567892",
    "192.168.100.100",
    "SF1234567890123",
    "a11010519491231002X",
    "11010519491231002X0",
  ])("finds nothing in %s", (text) => {
    expect(scanText(text)).toEqual([]);
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

describe("digitRuns", () => {
  it("covers no character twice, whatever the text: the work is linear", () => {
    const hostile = fc
      .array(fc.constantFrom("1", "11", " ", "-", "a", "X", "１", "中", "1 1", "1-", "_"), {
        maxLength: 200,
      })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(hostile, fc.boolean(), (text, separators) => {
        let end = 0;
        for (const run of digitRuns(text, separators)) {
          expect(run.start).toBeGreaterThanOrEqual(end);
          expect(run.end).toBeGreaterThan(run.start);
          end = run.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it.each(["1", "a", "1 ", "1-", "1a", "a1", "１", " "])(
    "looks at each character of %j repeated a bounded number of times",
    (unit) => {
      const visits = (length: number): number => {
        let count = 0;
        const text = unit.repeat(length);
        const counting = {
          length: text.length,
          charCodeAt: (i: number) => (count++, text.charCodeAt(i)),
        } as unknown as string;
        digitRuns(counting, true);
        return count;
      };
      expect(visits(20_000) / visits(2_000)).toBeLessThan(10.5);
    },
  );
});

describe("redactText", () => {
  it("masks as the official display rules say", () => {
    expect(redactText("号码 11010519491231002X 卡 6222020200112233444")).toBe(
      "号码 1****************X 卡 6222020200112233444",
    );
    expect(redactText("卡 4111 1111 1111 1111。")).toBe("卡 ***************1111。");
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
