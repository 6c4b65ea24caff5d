import { describe, expect, it } from "vitest";
import { createSpentCodes } from "./spent-codes.ts";

describe("spent codes", () => {
  it("are told from others for as long as Weixin could take them", () => {
    let now = 0;
    const codes = createSpentCodes(() => now);
    expect([codes.spend("a"), codes.spend("b"), codes.spend("a")]).toEqual([true, true, false]);
    now = 299_999;
    expect(codes.spend("a")).toBe(false);
    now = 300_000;
    expect([codes.spend("a"), codes.spend("a")]).toEqual([true, false]);
  });

  it("are at most ten thousand: the oldest goes first, and the newest is never spent twice", () => {
    const codes = createSpentCodes(() => 0);
    for (let i = 0; i < 10_000; i++) codes.spend(`code-${i}`);
    expect(codes.spend("code-0")).toBe(false);
    expect(codes.spend("one-more")).toBe(true);
    expect([codes.spend("one-more"), codes.spend("code-9999"), codes.spend("code-1")]).toEqual([
      false,
      false,
      false,
    ]);
    expect(codes.spend("code-0")).toBe(true);
  });
});
