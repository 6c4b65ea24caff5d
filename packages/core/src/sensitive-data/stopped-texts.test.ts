import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanText } from "./scan-text.ts";
import { scanValue } from "./scan-value.ts";
import { bankCards, residentIds } from "./sensitive-data.fixture.ts";
import { stoppedTexts } from "./stopped-texts.ts";

/** Texts that hold something, nearly something, or parts of it. */
const texts = fc.oneof(
  residentIds,
  bankCards,
  fc.constantFrom(
    "",
    "1391",
    "2345678",
    "13912345678",
    "139 1234 5678",
    "a1:b2:c3:d4:e5:f6",
    "fe80::1ff:fe23:4567:890a",
    "她有糖尿病",
    "京A12345",
    "女儿8岁",
    "lily@example.com",
    "E12345678",
    "phone: 13912345678",
    "13９12345678",
    "ＡＢＣ",
    "😀",
    "\ud83d",
    "a-1",
    "-b2-",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);

describe("stoppedTexts", () => {
  it("TC-D6.2a: finds among others whatever a text holds alone", () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 20 }), (all) => {
        const alone = all.flatMap((text, index) =>
          scanText(text).map((found) => ({ ...found, path: `$[${index}]` })),
        );
        const parsed = all.some((text) => /^\s*[[{]/.test(text));
        fc.pre(!parsed);
        expect(scanValue(all).findings).toEqual(alone);
      }),
      { numRuns: 500 },
    );
  });

  it("names each text once, in order, over as many pieces as it takes", () => {
    const all = Array.from({ length: 9000 }, (_, i) =>
      i % 1000 === 7 ? "call 13912345678 or 13812345678" : "please leave it at the door",
    );
    expect(stoppedTexts(all)).toEqual([7, 1007, 2007, 3007, 4007, 5007, 6007, 7007, 8007]);
    expect(stoppedTexts([])).toEqual([]);
  });
});
