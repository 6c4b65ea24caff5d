import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildApp } from "../src/build-app.ts";
import { lookupPlaces } from "../src/package-lookup.ts";

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "mini-program-")), "hello");
  cpSync("fixtures/hello", directory, { recursive: true });
});
afterEach(() => rmSync(join(directory, ".."), { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(directory, file), text);

describe("buildApp", () => {
  it("finds components beside the page, from the root, in a package and of the whole app", () => {
    const { components } = buildApp(directory);
    expect(components["pages/home/home"]!.usingComponents).toEqual({
      card: "/components/card/card",
      counter: "/components/counter/counter",
      greeting: "/miniprogram_npm/hello-greeting/greeting/index",
    });
    expect(Object.keys(components).indexOf("components/counter/counter")).toBeLessThan(
      Object.keys(components).indexOf("pages/home/home"),
    );
  });

  it("is plain data", () => {
    const app = buildApp(directory);
    expect(JSON.parse(JSON.stringify(app))).toEqual(app);
  });

  it("says file and position of a template that does not close", () => {
    write("pages/home/home.wxml", "<view>\n  <text>{{a</text>");
    expect(() => buildApp(directory)).toThrow(`${directory}/pages/home/home.wxml:2:9: missing`);
  });

  it("says file and position of WXSS and JSON that do not parse", () => {
    write("pages/home/home.wxss", ".title {\n color: red");
    expect(() => buildApp(directory)).toThrow(`${directory}/pages/home/home.wxss:1:1: Unclosed`);
    write("pages/home/home.json", "{");
    expect(() => buildApp(directory)).toThrow(`${directory}/pages/home/home.json: `);
  });

  it("says which component is missing", () => {
    write("pages/home/home.json", '{ "usingComponents": { "lost": "../lost/lost" } }');
    expect(() => buildApp(directory)).toThrow(
      `${directory}/pages/home/home.json: component "../lost/lost" not found`,
    );
  });
});

describe("lookupPlaces", () => {
  it("a bare name is looked for beside the file, then in packages upwards", () => {
    expect(lookupPlaces("pkg/part", "pages/home/home.js")).toEqual([
      "pages/home/pkg/part",
      "pages/home/pkg/part/index",
      "pages/home/miniprogram_npm/pkg/part",
      "pages/home/miniprogram_npm/pkg/part/index",
      "pages/miniprogram_npm/pkg/part",
      "pages/miniprogram_npm/pkg/part/index",
      "miniprogram_npm/pkg/part",
      "miniprogram_npm/pkg/part/index",
    ]);
  });

  it("dots and a slash at the beginning say the place", () => {
    expect(lookupPlaces("../b", "pages/a/a.js")).toEqual(["pages/b", "pages/b/index"]);
    expect(lookupPlaces("/b/c", "pages/a/a.js")).toEqual(["b/c", "b/c/index"]);
  });
});
