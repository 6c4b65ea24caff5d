import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContentType } from "./finding.ts";
import { redactText } from "./redact.ts";
import { scanText } from "./scan-text.ts";
import {
  bankCards,
  creditCodes,
  emails,
  farText,
  fullWidth,
  hongKongIds,
  hostileTexts,
  imeis,
  ipAddresses,
  macAddresses,
  mobiles,
  oldResidentIds,
  openids,
  otherPhones,
  plates,
  residentIds,
  taiwanIds,
  vins,
} from "./sensitive-data.fixture.ts";

const ID = "11010519491231002X";

/** Every type, and whether what stands beside it may be any character that is no ASCII letter or digit. */
const EVERY_TYPE: readonly (readonly [
  ContentType,
  string,
  fc.Arbitrary<string>,
  "any" | "plain",
])[] = [
  ["cn-resident-id", "resident IDs", residentIds, "any"],
  ["cn-resident-id", "resident IDs of the old form", oldResidentIds, "any"],
  ["unified-social-credit-code", "credit codes", creditCodes, "any"],
  ["bank-card", "cards", bankCards, "any"],
  ["imei", "IMEIs", imeis, "any"],
  ["phone", "mobile numbers", mobiles, "any"],
  ["phone", "other phone numbers", otherPhones, "plain"],
  ["hk-id", "IDs of Hongkong", hongKongIds, "any"],
  ["tw-id", "IDs of Taiwan", taiwanIds, "any"],
  ["vin", "VINs", vins, "any"],
  ["plate", "number plates", plates, "any"],
  ["email", "addresses", emails, "plain"],
  ["ip-address", "IP addresses", ipAddresses, "plain"],
  ["mac-address", "hardware addresses", macAddresses, "plain"],
  ["platform-id", "openids", openids, "plain"],
];

/** Nothing that an address may go on with. */
const PLAIN_EDGES = ["", ..." \n\t\"';,<>，。（）【的号😀𠮷"];
/** Not the plus sign of a phone number, the sign of an escape, and nothing that is read as nothing: those have tests of their own below. */
const EDGES = [...PLAIN_EDGES, ..."：!#$&*=?^`{|}~[]()/-._:@\u3000éüя"];

/** A value, and what stands before and after it: far away anything but digits, beside it no ASCII letter or digit. */
const placed = (values: fc.Arbitrary<string>, edges: "any" | "plain") => {
  const edge = fc.constantFrom(...(edges === "any" ? EDGES : PLAIN_EDGES));
  return fc.record({
    value: values,
    before: fc.oneof(
      fc.constant(""),
      fc.tuple(farText, edge).map(([far, near]) => `${far} ${near}`),
      fc
        .tuple(farText, edge)
        .map(([far, near]) => JSON.stringify({ [far]: far, 说明: "" }).slice(0, -2) + near),
    ),
    after: fc.oneof(
      fc.constant(""),
      fc.tuple(edge, farText).map(([near, far]) => `${near} ${far}`),
      fc.tuple(edge, farText).map(([near, far]) => `${near}"${JSON.stringify(far)}}`),
    ),
  });
};

describe("scanText", () => {
  it.each(EVERY_TYPE)(
    "TC-D6.2a: finds each as %s, at its place: %s",
    (type, _name, values, edges) => {
      fc.assert(
        fc.property(placed(values, edges), ({ value, before, after }) => {
          const found = scanText(before + value + after).filter((finding) => finding.type === type);
          expect(found.map(({ start, end }) => [start, end])).toContainEqual([
            before.length,
            before.length + value.length,
          ]);
        }),
        { numRuns: 200 },
      );
    },
  );

  it.each(EVERY_TYPE)("finds full-width %s: %s", (type, _name, values) => {
    fc.assert(
      fc.property(values, (value) => {
        // But for the colon, which stands in Chinese texts for its own sake.
        const text = `号${fullWidth(value).replaceAll("：", ":")}。`;
        const found = scanText(text).find((finding) => finding.type === type);
        expect(found?.end).toBe(1 + value.length);
      }),
      { numRuns: 30 },
    );
  });

  it.each<[ContentType, fc.Arbitrary<string>, string]>([
    ["cn-resident-id", residentIds, "0123456789"],
    ["bank-card", bankCards, "0123456789"],
    ["imei", imeis, "0123456789"],
    ["hk-id", hongKongIds, "0123456789"],
    ["vin", vins, "0123456789"],
    ["unified-social-credit-code", creditCodes, "0123456789ABCDEFGHJKLMNPQRTUWXY"],
  ])("takes none with one character changed for %s", (type, values, alphabet) => {
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(), (value, at, by) => {
        const places = Array.from(value, (_, i) => i).filter((i) => alphabet.includes(value[i]!));
        const i = places[at % places.length]!;
        const step = 1 + (by % (alphabet.length - 1));
        const other = alphabet[(alphabet.indexOf(value[i]!) + step) % alphabet.length]!;
        const changed = value.slice(0, i) + other + value.slice(i + 1);
        expect(scanText(`：${changed}。`).map((finding) => finding.type)).not.toContain(type);
      }),
      { numRuns: 200 },
    );
  });

  it("takes none with another check digit for an ID of Taiwan, whose checksum sees no other change for sure", () => {
    fc.assert(
      fc.property(taiwanIds, fc.integer({ min: 1, max: 9 }), (id, by) => {
        const changed = id.slice(0, 9) + String((Number(id[9]) + by) % 10);
        expect(scanText(`：${changed}。`).map((finding) => finding.type)).not.toContain("tw-id");
      }),
    );
  });

  it.each([
    ["a percent sign before it", `满100%`, ID, "。"],
    ["an escaped quote after it", `{"a":"{\\"id\\":\\"`, ID, `\\"}"}`],
    ["an invisible character after it", "号", ID, "\u200b。"],
    ["a full-width colon before it, in a text with an escape", "\\n：", "2001:db8::1:1", " "],
    ["a full-width colon after it, in a text with an escape", "\\n", "3c:22:fb:01:02:03", "："],
  ])("TC-D6.2a: finds what has %s, and no more", (_name, before, value, after) => {
    expect(scanText(before + value + after)).toMatchObject([
      { start: before.length, end: before.length + value.length },
    ]);
  });

  it("whatever the text, what is found fits into it, in order, and none overlaps", () => {
    fc.assert(
      fc.property(hostileTexts, (text) => {
        let done = 0;
        for (const { start, end } of scanText(text)) {
          expect(start).toBeGreaterThanOrEqual(done);
          expect(end).toBeGreaterThan(start);
          done = end;
        }
        expect(done).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("counts in UTF-16 code units, whatever stands before", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            "😀",
            "𠮷",
            "é",
            "年",
            "\ud800",
            "\udc00",
            "a",
            " ",
            "\u200b",
            "％",
            "%E5%B9%B4",
            "\\u5e74",
          ),
          maxLength: 20,
        }),
        residentIds,
        (before, id) => {
          const text = `${before}：${id}`;
          expect(scanText(text)).toMatchObject([{ start: before.length + 1, end: text.length }]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** What shops write, and is nobody's. */
describe("scanText of ordinary data", () => {
  const days = fc.date({
    min: new Date("2024-01-01"),
    max: new Date("2030-12-31"),
    noInvalidDate: true,
  });
  const iso = (date: Date): string => date.toISOString();
  const day = (date: Date): string => iso(date).slice(0, 10);
  const letters = (length: number) =>
    fc.string({
      unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
      minLength: length,
      maxLength: length,
    });
  const hex = (length: number) =>
    fc.string({
      unit: fc.constantFrom(..."0123456789abcdef"),
      minLength: length,
      maxLength: length,
    });
  const nat = fc.integer({ min: 10_000, max: 99_999 });
  const price = fc.integer({ min: 1000, max: 8499 });

  it.each<[string, fc.Arbitrary<string>]>([
    ["two days", fc.tuple(days, days).map(([a, b]) => `${day(a)} ${day(b)}`)],
    [
      "from one day to another",
      fc
        .tuple(days, days, fc.constantFrom(" - ", "/", "—", "_", "\n", " 至 ", "~", ","))
        .map(([a, b, to]) => `有效期 ${day(a)}${to}${day(b)}`),
    ],
    [
      "days with points or strokes",
      fc
        .tuple(days, days, fc.constantFrom("/", "."))
        .map(([a, b, mark]) => `${day(a)} ${day(b)}`.replaceAll("-", mark)),
    ],
    [
      "days as in America",
      fc
        .tuple(days, days)
        .map(([a, b]) =>
          [a, b]
            .map((date) => `${day(date).slice(5).replace("-", "/")}/${day(date).slice(0, 4)}`)
            .join(" "),
        ),
    ],
    [
      "days of a month first",
      fc
        .tuple(days, days)
        .map(([a, b]) =>
          [a, b].map((date) => day(date).split("-").toReversed().join("-")).join(" "),
        ),
    ],
    ["a moment", days.map(iso)],
    ["a moment in words", days.map((date) => iso(date).slice(0, 19).replace("T", " "))],
    [
      "a moment in a name",
      days.map((date) => `backup-${iso(date).slice(0, 19).replaceAll(/[T:]/g, "-")}.zip`),
    ],
    [
      "a moment without marks",
      days.map((date) => `${day(date)} ${iso(date).slice(11, 19).replaceAll(":", "")}`),
    ],
    [
      "a day and a price",
      fc.tuple(days, nat).map(([date, price]) => `${day(date)} ${(price / 10).toFixed(2)}`),
    ],
    [
      "prices",
      fc
        .tuple(price, price, price)
        .map((all) => all.map((price) => (price / 100).toFixed(2)).join(" ")),
    ],
    ["milliseconds", days.map((date) => String(date.getTime()))],
    ["seconds", days.map((date) => String(Math.floor(date.getTime() / 1000)))],
    [
      "an order number by its moment",
      fc
        .tuple(days, nat)
        .map(([date, n]) => iso(date).slice(0, 19).replaceAll(/\D/g, "") + String(n * 10)),
    ],
    [
      "an order number with letters and a moment",
      fc
        .tuple(letters(3), days)
        .map(([prefix, date]) => prefix + iso(date).slice(2, 19).replaceAll(/\D/g, "")),
    ],
    ["an order number of a payment", nat.map((n) => `42000018${n}20261124${n}${n}`)],
    ["a waybill", nat.map((n) => `SF${n}${n}123`)],
    [
      "a picture",
      fc.tuple(days, nat).map(([date, n]) => `IMG_${day(date).replaceAll("-", "")}_${n}0.jpg`),
    ],
    [
      "a UUID",
      hex(32)
        .filter((all) => /[a-f]/.test(all.slice(8, 12)) && /[a-f]/.test(all.slice(16, 20)))
        .map((all) => all.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")),
    ],
    ["a hash", hex(64)],
    ["an id of a document", hex(24)],
    ["a fraction", fc.double({ min: 0, max: 1, noNaN: true }).map(String)],
    ["a fraction of fifteen digits", nat.map((n) => `0.110105491231${String(n).slice(0, 3)}`)],
    [
      "fractions",
      fc
        .array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })
        .map((all) => JSON.stringify(all)),
    ],
    ["a version", fc.tuple(fc.nat(19), fc.nat(19), fc.nat(19)).map((all) => `v${all.join(".")}`)],
    [
      "a user agent",
      fc
        .nat(999)
        .map(
          (n) =>
            `Mozilla/5.0 (Linux; Android 14; 23127PN0CC Build/UKQ1.230804.${n}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47.2560(0x28002F35) NetType/WIFI Language/zh_CN`,
        ),
    ],
    [
      "a list of goods",
      fc.tuple(nat, nat).map(([id, price]) =>
        JSON.stringify([
          {
            goodsId: id * 1000,
            title: "红豆面包 500g*2",
            price,
            img: `https://img.example.com/i2/2026/${id}_430x430q90.jpg`,
            skuList: [{ skuId: `${id}-${price}`, stock: 12 }],
          },
        ]),
      ),
    ],
  ])("finds nothing in %s", (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(
          scanText(text).map(({ type, start, end }) => [type, text.slice(start, end)]),
        ).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it.each(["86.74 125.61 209.51", "ab28789b-0504-4971-9965-baaf9597befd"])(
    "finds nothing in %s",
    (text) => {
      expect(scanText(text)).toEqual([]);
    },
  );
});

describe("redactText", () => {
  it.each(EVERY_TYPE)(
    "leaves no %s to be found, and a text of the same length: %s",
    (_type, _name, values, edges) => {
      fc.assert(
        fc.property(placed(values, edges), ({ value, before, after }) => {
          const text = before + value + after;
          const masked = redactText(text);
          expect(scanText(masked)).toEqual([]);
          expect(masked).toHaveLength(text.length);
          expect(masked).not.toContain(value);
        }),
        { numRuns: 50 },
      );
    },
  );

  it("leaves nothing to be found in whatever text, of the same length", () => {
    fc.assert(
      fc.property(hostileTexts, (text) => {
        const masked = redactText(text);
        expect(masked).toHaveLength(text.length);
        expect(scanText(masked)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
