import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "mini-program-"));
const app = join(directory, "hello");
const out = join(directory, "out");
const read = (folder, file) => readFileSync(join(folder, file), "utf8");

function compile() {
  return spawnSync("node", ["-r", here("./no-network.cjs"), here("./compile.mjs"), app, out], {
    encoding: "utf8",
    timeout: 120_000,
  });
}

before(() => {
  cpSync(here("../fixtures/hello"), app, { recursive: true });
  cpSync(here("../fixtures/hello-greeting"), join(directory, "hello-greeting"), {
    recursive: true,
  });
  rmSync(join(app, "miniprogram_npm"), { recursive: true });
  execFileSync("npm", ["install", "--install-links", "--no-audit", "--no-fund", "--offline"], {
    cwd: app,
  });
});
after(() => rmSync(directory, { recursive: true }));

void describe("compile.mjs", () => {
  void it("packs installed packages and compiles the app without network", () => {
    const { status, stderr } = compile();
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /network:/);
    const packed = readdirSync(join(app, "miniprogram_npm/hello-greeting"), { recursive: true });
    const expected = here("../fixtures/hello/miniprogram_npm/hello-greeting");
    assert.deepEqual(new Set(packed), new Set(readdirSync(expected, { recursive: true })));
    assert.match(read(out, "components/counter/counter.js"), /"use strict"/);
    assert.doesNotMatch(read(out, "pages/home/home.js"), /=>|const |`/);
    assert.equal(read(out, "shared/words.wxs"), read(app, "shared/words.wxs"));
  });

  const faults = {
    "pages/home/home.wxml": [
      "<view>\n  <text></view>",
      /pages\/home\/home\.wxml: 2:11:unexpected end tag/,
    ],
    "pages/home/home.wxss": [".title {\n  color: red", /pages\/home\/home\.wxss[\s\S]*1/],
    "pages/home/home.js": ["Page({\n  onLoad( {\n", /pages\/home\/home\.js[\s\S]*\(3:0\)/],
    "pages/home/home.json": [
      '{ "usingComponents": { "lost": "../lost/lost" } }',
      /pages\/home\/home\.json[\s\S]*\.\.\/lost\/lost/,
    ],
    "app.json": ['{ "pages": ["pages/lost/lost"] }', /app\.json[\s\S]*pages\/lost\/lost/],
  };
  for (const [file, [text, words]] of Object.entries(faults))
    void it(`says what is wrong in ${file}`, () => {
      const sound = read(app, file);
      writeFileSync(join(app, file), text);
      const { status, stderr } = compile();
      writeFileSync(join(app, file), sound);
      assert.equal(status, 1, stderr);
      assert.match(stderr, words);
    });
});
