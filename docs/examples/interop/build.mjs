// Builds an example with its framework in a temporary folder, from packed packages, and runs what came out on a stub:
// `node build.mjs taro`, `node build.mjs uni-app`. packages/core and packages/web are built before.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runOutput } from "./run-output.mjs";

const EXAMPLES = {
  taro: { output: "dist" },
  "uni-app": { output: "dist/build/mp-weixin" },
};
const PAGE = "pages/shop/index";
const COMPONENTS = { "privacy-consent": "agree", "privacy-center": "erase" };

const here = fileURLToPath(new URL(".", import.meta.url));
const name = process.argv[2] ?? "";
if (!(name in EXAMPLES))
  throw new Error(`usage: node build.mjs ${Object.keys(EXAMPLES).join("|")}`);

const dir = mkdtempSync(join(tmpdir(), "interop-"));
try {
  const app = join(dir, name);
  build(app);
  const output = join(app, EXAMPLES[name].output);
  const components = checkFiles(output);
  await checkRun(app, output, components);
  const [all, scripts] = [sizeOf(output, ""), sizeOf(output, ".js")];
  process.stdout.write(
    `ok ${name}: ${kilobytes(all)} kB, ${kilobytes(scripts)} kB of it scripts\n`,
  );
} catch (error) {
  // Not the whole line it was thrown in, which is the whole minified app.
  process.stderr.write(`failed ${name}: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function build(app) {
  const skipped = new Set(["node_modules", "dist", "wxcomponents"]);
  cpSync(join(here, name), app, {
    recursive: true,
    filter: (path) => !skipped.has(basename(path)),
  });
  for (const packed of ["core", "web"])
    run(
      "npx",
      ["-y", "pnpm@12.21.0", "pack", "--pack-destination", dir],
      join(here, "../../../packages", packed),
    );
  const tarballs = readdirSync(dir).filter((file) => file.endsWith(".tgz"));
  assert.equal(tarballs.length, 2, "two tarballs");
  run("npm", ["ci", "--no-audit", "--no-fund"], app);
  run(
    "npm",
    ["install", "--no-save", "--no-audit", "--no-fund", ...tarballs.map((file) => join(dir, file))],
    app,
  );
  run("npm", ["run", "build"], app);
}

/** @returns the components' files, without ending */
function checkFiles(output) {
  const { usingComponents } = JSON.parse(readFileSync(join(output, `${PAGE}.json`), "utf8"));
  const paths = Object.keys(COMPONENTS).map((tag) => {
    const path = usingComponents[tag];
    assert.ok(path, `the page uses ${tag}`);
    return path.startsWith("/") ? join(output, path) : resolve(dirname(join(output, PAGE)), path);
  });
  for (const path of paths) {
    for (const ending of ["js", "json", "wxml", "wxss"])
      assert.ok(statSync(`${path}.${ending}`).size > 0);
    for (const [, imported] of readFileSync(`${path}.wxss`, "utf8").matchAll(
      /@import\s+"([^"]+)"/g,
    ))
      assert.ok(statSync(resolve(dirname(path), imported)).size > 0);
  }
  const scripts = filesIn(output).filter(
    (file) => file.endsWith(".js") && !file.includes("privacy-c"),
  );
  assert.ok(
    scripts.some((file) => readFileSync(file, "utf8").includes("/consents")),
    "the app's scripts hold the client",
  );
  return paths;
}

/** The app starts, and the components take its client, through whatever the framework made of `Component`. */
async function checkRun(app, output, [consent, center]) {
  const testing = join(app, "node_modules/@miniprivacy/web/dist/testing.js");
  const { createTestHost } = await import(pathToFileURL(testing).href);
  const called = [];
  const answer = ({ method, url }) => {
    called.push(`${method} ${url}`);
    return Promise.resolve({ statusCode: 503, data: {} });
  };
  const host = createTestHost({ answer });
  const getSystemInfoSync = () => ({ platform: "android", SDKVersion: "3.8.0" });
  const program = runOutput({ ...host.wx, getSystemInfoSync });

  program.load(join(output, "app.js"));
  program.app().onLaunch({});
  await settled();
  const { privacy } = program.app();
  assert.equal(typeof privacy?.consent?.ask, "function", "getApp().privacy.consent.ask");
  assert.deepEqual(called, [], "nothing leaves before somebody acts");

  for (const path of [consent, center]) {
    const instance = program.attach(`${path}.js`, COMPONENTS[basename(dirname(path))]);
    assert.equal(instance.privacy, privacy, `${path} has the app's client`);
  }
  await settled();
  assert.ok(
    called.includes("GET https://shop.example/privacy/policy"),
    "calls go through the framework",
  );
  assert.deepEqual([host.calls, host.popups], [[], []], "the platform is not asked for anything");
  privacy.close();
}

function settled() {
  return new Promise((resolve) => void setTimeout(resolve, 200));
}

function run(command, args, cwd) {
  try {
    // Frameworks leave things in the temporary folder.
    const env = { ...process.env, TMPDIR: dir };
    execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    process.stderr.write(`${error.stdout}\n${error.stderr}\n`);
    throw new Error(`${command} ${args.join(" ")} failed`, { cause: error });
  }
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function sizeOf(folder, ending) {
  const files = filesIn(folder).filter((file) => file.endsWith(ending));
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}
