import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
import { sha256Hex } from "./digest.ts";
import { lengthPrefixed } from "./length-prefix.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

const invalid = expect.objectContaining({ code: "ERR_INPUT_INVALID" });

describe("encodeUtf8, decodeUtf8", () => {
  it("agree with the platform for every text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
  });

  it("decode exactly what the platform decodes when it is strict", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
        let expected: string | undefined;
        try {
          expected = strict.decode(bytes);
        } catch {
          expected = undefined;
        }
        if (expected === undefined) expect(() => decodeUtf8(bytes)).toThrow(invalid);
        else expect(decodeUtf8(bytes)).toBe(expected);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ["an overlong slash", [0xc0, 0xaf]],
    ["an overlong euro sign", [0xf0, 0x82, 0x82, 0xac]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a point past U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a cut sequence", [0xe4, 0xb8]],
    ["a lone continuation", [0x80]],
  ])("refuse %s", (_name, bytes) => {
    expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow(invalid);
  });

  it.each(["\ud800", "a\udc00b", "\udc00\ud800"])("refuse the lone surrogate in %j", (text) => {
    expect(() => encodeUtf8(text)).toThrow(invalid);
  });
});

describe("encodeBase64Url, decodeBase64Url", () => {
  it("agree with the platform and read back", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = encodeBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(decodeBase64Url(text)).toEqual(bytes);
      }),
    );
  });

  it("take one text only for any bytes: whatever decodes, encodes back to itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."AQgwZ_-09=+/ ") }), (text) => {
        let bytes: Uint8Array;
        try {
          bytes = decodeBase64Url(text);
        } catch {
          return;
        }
        expect(encodeBase64Url(bytes)).toBe(text);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(["A", "AB", "AAB", "AA==", "A A", "AA+A", "AA/A", "ÄAAA"])("refuse %j", (text) => {
    expect(() => decodeBase64Url(text)).toThrow(invalid);
  });
});

describe("lengthPrefixed", () => {
  it("gives different bytes for different lists of parts", () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 3 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(Buffer.from(lengthPrefixed(...a)).equals(lengthPrefixed(...b))).toBe(same);
      }),
    );
  });

  it("writes lengths as four bytes, big endian", () => {
    expect([...lengthPrefixed(Uint8Array.of(9), new Uint8Array())]).toEqual([
      0, 0, 0, 1, 9, 0, 0, 0, 0,
    ]);
  });
});

describe("sha256Hex", () => {
  it("is SHA-256 (FIPS 180-4 example)", () => {
    expect(sha256Hex("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(sha256Hex(new Uint8Array())).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });
});
