import { describe, expect, it } from "vitest";
import { isLowS, toLowS } from "./low-s.ts";

const HALF = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";
const ABOVE_HALF = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9";
const signature = (s: string): Uint8Array =>
  Uint8Array.from(Buffer.from("11".repeat(32) + s, "hex"));

describe("low S", () => {
  it("is every s up to half the order", () => {
    expect(isLowS(signature(HALF))).toBe(true);
    expect(isLowS(signature(ABOVE_HALF))).toBe(false);
    expect(isLowS(signature(HALF).subarray(1))).toBe(false);
  });

  it("is reached by taking the other form, and kept", () => {
    expect(toLowS(signature(ABOVE_HALF))).toEqual(signature(HALF));
    expect(toLowS(signature(HALF))).toEqual(signature(HALF));
    const almostOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
    expect(toLowS(signature(almostOrder))).toEqual(signature("1".padStart(64, "0")));
  });
});
