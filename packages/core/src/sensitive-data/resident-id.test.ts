import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bankCardConfidence } from "./bank-card.ts";
import { residentIdConfidence } from "./resident-id.ts";
import { bankCards, residentIds } from "./sensitive-data.fixture.ts";

const digitsOf = (text: string): readonly number[] =>
  [...text].map((char) => (char === "X" ? 10 : Number(char)));
const isId = (text: string): number => residentIdConfidence(digitsOf(text), 0, text.length);
const isCard = (text: string): number => bankCardConfidence(digitsOf(text), 0, text.length);

describe("residentIdConfidence", () => {
  it("knows every valid id (GB 11643)", () => {
    fc.assert(
      fc.property(residentIds, (id) => {
        expect(isId(id)).toBeGreaterThan(0.9);
      }),
    );
  });

  it("knows no id with one digit changed", () => {
    fc.assert(
      fc.property(residentIds, fc.nat(17), fc.integer({ min: 1, max: 9 }), (id, at, by) => {
        const digit = id[at] === "X" ? 10 : Number(id[at]);
        const changed = at === 17 ? "0123456789X"[(digit + by) % 11]! : String((digit + by) % 10);
        expect(isId(id.slice(0, at) + changed + id.slice(at + 1))).toBe(0);
      }),
    );
  });

  it.each([
    "11010519490230002X",
    "110105194913310024",
    "000105194912310025",
    "110105189912310020",
    "1101051949123100",
    "",
  ])("is none: %s", (text) => {
    expect(isId(text)).toBe(0);
  });

  it("is less sure of the old form of 15 digits", () => {
    expect(isId("110105491231002")).toBe(0.7);
    expect(isId("110105491331002")).toBe(0);
  });
});

describe("bankCardConfidence", () => {
  it("knows cards by issuer, length and check digit, and none with one digit changed", () => {
    fc.assert(
      fc.property(bankCards, fc.nat(), fc.integer({ min: 1, max: 9 }), (card, at, by) => {
        expect(isCard(card)).toBeGreaterThan(0.5);
        const i = at % card.length;
        expect(
          isCard(card.slice(0, i) + String((Number(card[i]) + by) % 10) + card.slice(i + 1)),
        ).toBe(0);
      }),
    );
  });

  it.each(["1732435200000", "6901234567892", "9999999999999995", "4111111111111", "62"])(
    "is none: %s",
    (text) => {
      expect(isCard(text)).toBe(0);
    },
  );
});
