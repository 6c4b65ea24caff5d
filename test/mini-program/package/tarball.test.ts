import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, inject, it } from "vitest";

const { root, web, core } = inject("packed");
const dist = join(web, "miniprogram_dist");
const here = join(root, "test/mini-program");
const files = readdirSync(dist, { recursive: true, encoding: "utf8" });
const scripts = files.filter((file) => file.endsWith(".js"));

/** Bytes of some files with what they require, as an upload sends them. */
function minified(...entries: readonly string[]): number {
  const { outputFiles } = buildSync({
    stdin: {
      contents: entries.map((entry) => `require("./${entry}");`).join("\n"),
      resolveDir: dist,
    },
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "cjs",
    target: "es2018",
    write: false,
  });
  return outputFiles[0]!.contents.length;
}

describe("the unpacked tarball", () => {
  it("holds what a mini-program's npm copies, and names it", () => {
    const manifest = JSON.parse(readFileSync(join(web, "package.json"), "utf8"));
    expect(manifest).toMatchObject({
      miniprogram: "miniprogram_dist",
      files: expect.arrayContaining(["dist", "miniprogram_dist"]),
      main: "./miniprogram_dist/index.js",
    });
    // A native app may name the entry as others do.
    expect(readFileSync(join(dist, "mini-program.js"), "utf8")).toContain('require("./index.js")');
    for (const name of ["consent", "center", "notice", "phone-button", "avatar", "nickname"])
      for (const extension of ["js", "json", "wxml", "wxss"])
        expect(files).toContain(`privacy-${name}/index.${extension}`);
  });

  it("is at most 30 KB of JavaScript minified, 60 KB with the components", () => {
    const alone = minified("index.js");
    const withComponents = minified(
      "index.js",
      ...scripts.filter((file) => file.startsWith("privacy-")),
    );
    process.stdout.write(`minified: ${alone} bytes, with components ${withComponents}\n`);
    expect(alone).toBeLessThanOrEqual(30_000);
    expect(withComponents).toBeLessThanOrEqual(60_000);
  });

  it("keeps the guard in a file of its own", () => {
    const required = (file: string): string => readFileSync(join(dist, file), "utf8");
    for (const file of scripts.filter((each) => each !== "guard.js"))
      expect(required(file)).not.toMatch(/require\(['"][^'"]*guard|createGuard/);
  });

  it("is ES2018, without eval and without what phones may lack", () => {
    // Brought along by base libraries since 2.20.2, or left aside by those that do not know it (an error's cause).
    const brought = "ArrayFlatMap,ObjectFromEntries,ErrorCause";
    execFileSync(
      join(here, "node_modules/.bin/es-check"),
      [
        "es2018",
        "--checkFeatures",
        "--ignore",
        brought,
        ...scripts.map((file) => join(dist, file)),
      ],
      { cwd: here, encoding: "utf8" },
    );
    for (const file of scripts)
      expect(
        /\beval\(|new Function|\bglobalThis\b/.test(readFileSync(join(dist, file), "utf8")),
      ).toBe(false);
  });

  it("has types under the oldest resolution, beside those of wx", () => {
    const dir = mkdtempSync(join(tmpdir(), "types-"));
    try {
      cpSync(join(here, "package/types"), dir, { recursive: true });
      const modules = join(dir, "node_modules");
      mkdirSync(join(modules, "@miniprivacy"), { recursive: true });
      symlinkSync(web, join(modules, "@miniprivacy/web"));
      symlinkSync(core, join(modules, "@miniprivacy/core"));
      cpSync(
        join(here, "node_modules/miniprogram-api-typings"),
        join(modules, "miniprogram-api-typings"),
        { recursive: true },
      );
      const tsc = join(here, "node_modules/.bin/tsc");
      const compile = (): string =>
        execFileSync(tsc, ["-p", dir, "--preserveSymlinks"], { encoding: "utf8" });
      expect(compile()).toBe("");
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it("knows every interface of the official typings by its right name", () => {
    const typings = readFileSync(
      join(here, "node_modules/miniprogram-api-typings/types/wx/lib.wx.api.d.ts"),
      "utf8",
    );
    const table = readFileSync(join(web, "dist/platform/weixin-privacy-interfaces.d.ts"), "utf8");
    const names = [...table.matchAll(/readonly (\w+): "[A-Z]/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(30);
    for (const name of names.filter((each) => each !== "key"))
      expect(typings).toMatch(new RegExp(`^ {8}${name}[<(]`, "m"));
  });
});
