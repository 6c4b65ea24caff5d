import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  headingAnchors,
  internalLinks,
  markdownFiles,
  namedSources,
  readText,
  ROOT,
} from "./markdown.ts";

describe("links", () => {
  it.each(markdownFiles())("of %s lead somewhere", (path) => {
    for (const link of internalLinks(path)) {
      const { pathname, hash } = new URL(link, new URL(path, "file:///"));
      const target = decodeURIComponent(pathname.slice(1));
      expect([link, existsSync(new URL(target, ROOT))]).toEqual([link, true]);
      if (hash !== "") expect(headingAnchors(target)).toContain(decodeURIComponent(hash.slice(1)));
    }
  });

  it.each(markdownFiles())("of %s that name a function lead to the file that has it", (path) => {
    for (const { name, file } of namedSources(path))
      expect([name, new RegExp(`\\b${name}\\b`).test(readText(file))]).toEqual([name, true]);
  });
});
