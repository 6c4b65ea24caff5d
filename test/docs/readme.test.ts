import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, root), "utf8");

describe.each(["README.md", "README.zh-CN.md"])("%s", (file) => {
  it("shows the examples that are compiled, word for word", async () => {
    const shown = [
      ...(await read(file)).matchAll(/<!-- (docs\/examples\/\S+) -->\n\n```ts\n(.*?)\n```/gs),
    ];
    expect(shown.map(([, path]) => path)).toEqual([
      "docs/examples/first-steps/web.ts",
      "docs/examples/first-steps/node.ts",
    ]);
    for (const [, path, code] of shown) expect(`${code}\n`).toBe(await read(path!));
  });

  it("names the commands that exist", async () => {
    const text = await read(file);
    const { scripts } = JSON.parse(await read("package.json")) as {
      scripts: { [name: string]: string };
    };
    for (const command of ["demo", "test"])
      expect([command in scripts, /npm (run )?(demo|test)/.test(text)]).toEqual([true, true]);
  });
});
