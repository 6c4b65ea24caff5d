import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { REFERENCE, referencePages } from "./reference.ts";

describe("docs/reference", () => {
  it("is what the sources say: `pnpm run docs:reference` writes it", async () => {
    const pages = referencePages();
    expect((await readdir(REFERENCE)).toSorted()).toEqual(pages.map(({ file }) => file).toSorted());
    for (const { file, text } of pages)
      expect([file, await readFile(new URL(file, REFERENCE), "utf8")]).toEqual([file, text]);
  });
});
