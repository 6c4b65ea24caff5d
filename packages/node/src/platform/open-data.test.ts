import { createCipheriv, hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decryptOpenData, verifyRawData } from "./open-data.ts";
import { SEALED_PROFILE, SIGNED_PROFILE } from "./weixin-vectors.fixture.ts";

const { appId, sessionKey, iv, encryptedData, timestamp } = SEALED_PROFILE;
const MADE_AT = timestamp * 1000;
const REFUSED = { opened: false };

describe("verifyRawData", () => {
  const { rawData, signature, sessionKey: key } = SIGNED_PROFILE;

  it("takes what Weixin signed", () => {
    expect(verifyRawData(rawData, signature, key)).toBe(true);
  });

  it("takes nothing else", () => {
    const long = "x".repeat(65_537);
    for (const [data, signed, by] of [
      [`${rawData} `, signature, key],
      [rawData.replace("Band", "band"), signature, key],
      [rawData, signature, sessionKey],
      [rawData, `${signature.slice(0, -1)}d`, key],
      [rawData, signature.slice(0, -1), key],
      [rawData, `${signature}0`, key],
      [rawData, `${signature}\n`, key],
      [rawData, "", key],
      [long, hash("sha1", long + key, "hex"), key],
      [undefined, signature, key],
      [rawData, undefined, key],
      [rawData, signature, undefined],
    ])
      expect(verifyRawData(data as string, signed as string, by as string)).toBe(false);
  });
});

describe("decryptOpenData", () => {
  const open = (
    change: { readonly [name: string]: unknown } = {},
    { now = MADE_AT, by = appId, limits = {} } = {},
  ) => {
    const sealed = { encryptedData, iv, sessionKey, ...change };
    return decryptOpenData({ appId: by, now: () => now }, sealed, limits);
  };
  const seal = (plain: string | Buffer) => {
    const key = Buffer.from(sessionKey, "base64");
    const cipher = createCipheriv("aes-128-cbc", key, Buffer.from(iv, "base64"));
    return Buffer.concat([cipher.update(plain), cipher.final()]).toString("base64");
  };
  const sealed = (data: object) =>
    open({
      encryptedData: seal(JSON.stringify({ watermark: { appid: appId, timestamp }, ...data })),
    });

  it("opens the demo of Weixin's documentation", () => {
    expect(open()).toMatchObject({
      opened: true,
      data: {
        openId: "oGZUI0egBJY1zhBYw2KhdUfwVJJE",
        nickName: "Band",
        watermark: { appid: appId, timestamp },
      },
    });
  });

  it("opens what was sealed for this app in the last five minutes, a minute given", () => {
    for (const [age, opened] of [
      [360_000, true],
      [360_001, false],
      [-60_000, true],
      [-60_001, false],
    ] as const)
      expect(open({}, { now: MADE_AT + age }).opened).toBe(opened);
    expect(open({}, { now: MADE_AT + 86_460_000, limits: { maxAgeMs: 86_400_000 } }).opened).toBe(
      true,
    );
    expect(open({}, { now: MADE_AT + 60_001, limits: { maxAgeMs: 0 } }).opened).toBe(false);
    expect(open({}, { by: "wx0000000000000000" })).toEqual(REFUSED);
  });

  it("refuses an age limit that is none", () => {
    for (const maxAgeMs of [-1, Number.NaN])
      expect(() => open({}, { limits: { maxAgeMs } })).toThrow(RangeError);
  });

  it("refuses alike whatever is wrong, and says nothing of it", () => {
    const bytes = Buffer.from(encryptedData, "base64");
    const flipped = (at: number) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 1;
      return copy.toString("base64");
    };
    const refusals = [
      // Every byte of the last two blocks: padding, syntax and encoding fail, one after the other.
      ...Array.from({ length: 32 }, (_, i) => ({ encryptedData: flipped(bytes.length - 1 - i) })),
      { encryptedData: bytes.subarray(0, -1).toString("base64") },
      { encryptedData: bytes.subarray(0, -16).toString("base64") },
      { encryptedData: "" },
      { encryptedData: ` ${encryptedData}` },
      { encryptedData: encryptedData.replaceAll("+", "-").replaceAll("/", "_") },
      { encryptedData: encryptedData.replace(/=+$/, "") },
      { encryptedData: encryptedData.replace(/w==$/, "x==") },
      { encryptedData: undefined },
      { iv: "" },
      { iv: Buffer.alloc(15).toString("base64") },
      { iv: Buffer.alloc(17).toString("base64") },
      { iv: Buffer.alloc(16, 1).toString("base64") },
      { iv: undefined },
      { sessionKey: Buffer.alloc(16).toString("base64") },
      { sessionKey: Buffer.alloc(32).toString("base64") },
      { sessionKey: "" },
      { sessionKey: undefined },
    ];
    for (const change of refusals) expect(open(change)).toEqual(REFUSED);
  });

  it("refuses content that is no object with a watermark", () => {
    for (const plain of ["", "null", "[]", "1", '"x"', "{}", '{"watermark":null}', "{"])
      expect(open({ encryptedData: seal(plain) })).toEqual(REFUSED);
    const broken = Buffer.from(
      `{"watermark":{"appid":"${appId}","timestamp":${timestamp}},"a":"?"}`,
    );
    broken[broken.indexOf("?")] = 0xff;
    expect(open({ encryptedData: seal(broken) })).toEqual(REFUSED);
    for (const watermark of [
      { appid: appId },
      { appid: appId, timestamp: String(timestamp) },
      { appid: appId, timestamp: timestamp + 0.5 },
      { appid: [appId], timestamp },
      { timestamp },
    ])
      expect(sealed({ watermark })).toEqual(REFUSED);
  });

  it("takes no more than any of Weixin's interfaces gives", () => {
    expect(sealed({ text: "x".repeat(40_000) }).opened).toBe(true);
    expect(sealed({ text: "x".repeat(49_200) })).toEqual(REFUSED);
  });
});
