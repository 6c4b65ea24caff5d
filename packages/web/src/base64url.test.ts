import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64Url } from "./base64url.ts";

describe("base64Url", () => {
  it("is what every other encoder says", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(base64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
      }),
    );
  });
});
