import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileSafe } from "./file-safe.ts";

describe("fileSafe", () => {
  it("gives one segment that no file system folds, normalizes or cuts", () => {
    for (const id of [
      ".",
      "..",
      "/",
      "a/b",
      "a%2fb",
      "A",
      "%",
      "用",
      "~",
      "\0",
      "x".repeat(10_240),
    ])
      expect(fileSafe(id)).toMatch(/^[a-z0-9_%~-]{1,255}$/);
  });

  it("names no two ids alike, not even by case or normal form", () => {
    const ids = [
      "a",
      "A",
      "%61",
      "%41",
      "caf\u00e9",
      "cafe\u0301",
      "x".repeat(256),
      "X".repeat(256),
    ];
    expect(new Set(ids.map((id) => fileSafe(id).normalize().toLowerCase())).size).toBe(ids.length);
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: "binary" }),
        fc.string({ minLength: 1 }),
        (one, other) => {
          if (Buffer.from(one).equals(Buffer.from(other))) return;
          expect(fileSafe(one).toLowerCase()).not.toBe(fileSafe(other).toLowerCase());
        },
      ),
    );
  });

  it("takes no empty id: it would name the folder of everybody", () => {
    expect(() => fileSafe("")).toThrow(RangeError);
  });
});
