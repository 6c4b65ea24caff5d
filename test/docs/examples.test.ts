import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { markdownFiles, readText, ROOT, shownExamples } from "./markdown.ts";

/** What people are meant to copy from; decisions and the generated reference show fragments. */
const PAGES = markdownFiles().filter(
  (path) => !path.startsWith("docs/decisions/") && !path.startsWith("docs/reference/"),
);
const typescript = (path: string) =>
  shownExamples(path).filter(({ language }) => language === "ts");

describe("the examples shown", () => {
  it.each(PAGES)("of %s are files that are compiled, word for word", (path) => {
    for (const { file, code } of typescript(path)) {
      expect(file).toMatch(/^docs\/examples\/[\w/.-]+\.ts$/);
      expect(`${code}\n`).toBe(readText(file!));
    }
  });

  it.each(PAGES.filter((path) => path.endsWith(".zh-CN.md")))(
    "of %s are those of its English text",
    (path) => {
      const shown = (of: string) => shownExamples(of).map(({ file, language }) => [file, language]);
      expect(shown(path)).toEqual(shown(path.replace(".zh-CN", "")));
    },
  );

  it("leave no example of the guides out", () => {
    const shown = PAGES.flatMap((path) => typescript(path).map(({ file }) => file));
    const supporting = ["policy.ts", "session.ts"];
    const files = readdirSync(new URL("docs/examples/guides/", ROOT)).filter(
      (name) => name.endsWith(".ts") && !supporting.includes(name),
    );
    expect(files.filter((name) => !shown.includes(`docs/examples/guides/${name}`))).toEqual([]);
  });

  it.each(["README.md", "README.zh-CN.md"])("%s names commands that exist", (path) => {
    const { scripts } = JSON.parse(readText("package.json")) as { readonly scripts: object };
    const named = [...readText(path).matchAll(/^npm (?:run )?([\w:]+)/gm)].map(([, name]) => name!);
    expect(named).toEqual(["demo", "test"]);
    for (const name of named) expect(name in scripts).toBe(true);
  });
});
