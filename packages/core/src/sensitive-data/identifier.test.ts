import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identify, isCreditCode, isImei } from "./identifier.ts";
import { scanText } from "./scan-text.ts";
import { creditCodes, hongKongIds, imeis, taiwanIds, vins } from "./sensitive-data.fixture.ts";

const typeOf = (text: string): string | undefined => identify(text, 0, text.length)?.type;
const typesIn = (text: string): readonly string[] => scanText(text).map(({ type }) => type);

describe("identify", () => {
  it("knows every valid VIN, credit code and ID of Taiwan", () => {
    fc.assert(
      fc.property(vins, creditCodes, taiwanIds, (vin, code, id) => {
        expect([typeOf(vin), typeOf(code), typeOf(id)]).toEqual([
          "vin",
          "unified-social-credit-code",
          "tw-id",
        ]);
      }),
    );
  });

  it("knows a passport by the word before it: order numbers look like it", () => {
    expect(typesIn("护照 E12345678")).toEqual(["passport"]);
    expect(typesIn("Passport: EA1234567")).toEqual(["passport"]);
    expect(typesIn("型号 E12345678")).toEqual([]);
  });

  it("knows an ID of Hongkong by the bracket, which belongs to it", () => {
    fc.assert(
      fc.property(hongKongIds, (id) => {
        expect(identify(id, 0, id.length - 3)).toMatchObject({ type: "hk-id", end: id.length });
        const bare = id.replaceAll(/[()（）]/g, "");
        expect(typeOf(bare)).toBeUndefined();
        expect(typesIn(`香港身份证号码：${bare}`)).toEqual(["hk-id"]);
      }),
    );
  });

  it.each([
    ["1M8GDM9AXKP042788", "vin"],
    ["5GZCZ43D13S812715", "vin"],
    ["A123456789", "tw-id"],
    ["91350100M000100Y43", "unified-social-credit-code"],
  ])("%s is a %s", (text, type) => {
    expect(typeOf(text)).toBe(type);
    expect(typesIn(`号：${text}。`)).toEqual([type]);
  });

  it.each([
    "1M8GDM9AXKP042789",
    "1M8GDM9A0KP042788",
    "11111111111111111",
    "A123456788",
    "A323456789",
    "91350100M000100Y44",
    "91350100M000100I43",
    "EI1234567",
    "A1234563",
    "SKU1234567",
    "IMG20261124",
    "",
  ])("%s is none", (text) => {
    expect(typeOf(text)).toBeUndefined();
  });

  it("counts some only after a word that names them", () => {
    expect(typesIn("护照 K12345678")).toEqual(["passport"]);
    expect(typesIn("通行证 H12345678")).toEqual(["travel-permit"]);
    expect(typesIn("台胞证 12345678")).toEqual(["travel-permit"]);
    expect(typesIn("澳门身份证 1234567(8)")).toEqual(["mo-id"]);
    expect(typesIn("编号 K12345678，H12345678，12345678")).toEqual([]);
  });
});

describe("isCreditCode", () => {
  it("knows the published example of GB 32100, and none with another check character", () => {
    expect(isCreditCode("91350100M000100Y43")).toBe(true);
    for (const check of "012456789ABCDEFGHJKLMNPQRTUWXY")
      expect(isCreditCode(`91350100M000100Y4${check}`)).toBe(false);
  });
});

describe("isImei", () => {
  const digits = (text: string): readonly number[] => Array.from(text, Number);

  it("knows those of the reporting bodies in use", () => {
    fc.assert(
      fc.property(imeis, (imei) => {
        expect(isImei(digits(imei), 0)).toBe(true);
      }),
    );
    expect(isImei(digits("356938035643809"), 0)).toBe(true);
    expect(isImei(digits("356938035643808"), 0)).toBe(false);
    // The example of 3GPP has a body that no longer reports.
    expect(isImei(digits("490154203237518"), 0)).toBe(false);
  });
});

describe("scanText", () => {
  it.each([
    ["11010519491231002X", "cn-resident-id"],
    ["440524188001010014", undefined],
    ["810000199408230021", "cn-resident-id"],
    ["830000199201300022", "cn-resident-id"],
    ["4111111111111111", "bank-card"],
    ["5555555555554444", "bank-card"],
    ["2223003122003222", "bank-card"],
    ["378282246310005", "bank-card"],
    ["6011111111111117", "bank-card"],
    ["3530111333300000", "bank-card"],
    ["36227206271667", "bank-card"],
    ["30569309025904", "bank-card"],
    ["6200000000000005", "bank-card"],
    ["A123456(3)", "hk-id"],
    ["C668668(9)", "hk-id"],
    ["G123456(A)", "hk-id"],
    ["356938035643809", "imei"],
  ])("knows the published example %s as %s", (text, type) => {
    expect(typesIn(text)).toEqual(type === undefined ? [] : [type]);
  });
});
