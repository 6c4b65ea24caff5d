import fc from "fast-check";
import { expect, it } from "vitest";
import { keyPatterns, subjectKeys, subjectOfKey } from "./key-pattern.ts";

const templates = ["s:{subjectId}", "c:{tenant}:{subjectId}:*", "{tenant}/{subjectId}"] as const;

it("subjectOfKey finds in every key of a person whose it is", () => {
  const id = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !/[:/]/.test(text));
  fc.assert(
    fc.property(id, id, fc.string({ unit: "grapheme" }), (subjectId, tenant, rest) => {
      for (const template of templates) {
        const patterns = keyPatterns([template]);
        const of = { tenant: template.includes("{tenant}") ? tenant : "", subjectId };
        for (const { pattern, prefix } of subjectKeys(patterns, of)) {
          const key = Buffer.from(prefix + (pattern.isOpen ? rest : ""));
          expect(subjectOfKey(patterns, pattern, key)).toEqual(of);
        }
      }
    }),
  );
});

it("subjectOfKey finds nobody in a key that is nobody's", () => {
  const patterns = keyPatterns(["s:{subjectId}:{subjectId}.", "c:{subjectId}:*"]);
  const whose = (key: string | Buffer) =>
    patterns.map((pattern) => subjectOfKey(patterns, pattern, Buffer.from(key))?.subjectId);
  expect(whose("s:lin:lin.")).toEqual(["lin", undefined]);
  expect(whose("c:lin:a:b")).toEqual([undefined, "lin"]);
  for (const key of [
    "s:lin:mei.",
    "s:lin:lin",
    "s:lin:lin..",
    "s::.",
    "c:lin",
    "c::a",
    "c:l.n:a",
    "x",
  ])
    expect(whose(key)).toEqual([undefined, undefined]);
  expect(whose(Buffer.from([0x63, 0x3a, 0xff, 0x3a]))).toEqual([undefined, undefined]);
});
