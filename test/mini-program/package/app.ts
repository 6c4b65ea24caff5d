import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { startDemo } from "../../support/demo-server.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Where things are that all tests share. */
export interface Packed {
  readonly root: string;
  /** `@miniprivacy/web` and `@miniprivacy/core` as npm would have brought them, unpacked. */
  readonly web: string;
  readonly core: string;
  /** The demo's mini-program, with the package where "构建 npm" puts it. */
  readonly app: string;
  /** Where the demo's server answers, embedded database and all. */
  readonly server: string;
}

declare module "vitest" {
  interface ProvidedContext {
    packed: Packed;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), "packed-"));
  const [web, core] = [unpack("web", dir), unpack("core", dir)];
  const app = join(dir, "app");
  cpSync(join(ROOT, "docs/examples/corner-shop/mini-program"), app, { recursive: true });
  addPage(app, "profile");
  const target = join(app, "miniprogram_npm/@miniprivacy/web");
  cpSync(join(web, "miniprogram_dist"), target, { recursive: true });
  const compiled = process.env["COMPILED"] === "1" ? compile(app, dir) : undefined;
  const demo = await startDemo(join(dir, "demo"));
  project.provide("packed", { root: ROOT, web, core, app: compiled ?? app, server: demo.url });
  return async () => {
    await demo.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

/** A page of the tests' own beside those of the demo. */
function addPage(app: string, name: string): void {
  cpSync(join(ROOT, "test/mini-program/package", name), join(app, "pages", name), {
    recursive: true,
  });
  const file = join(app, "app.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as { pages: string[] };
  config.pages.push(`pages/${name}/index`);
  writeFileSync(file, JSON.stringify(config));
}

/** By Weixin's own compiler, from what npm installs: it builds the app's npm itself. */
function compile(app: string, dir: string): string {
  const out = join(dir, "compiled");
  rmSync(join(app, "miniprogram_npm"), { recursive: true });
  // What is not published comes from the tarballs; the app itself names the one package that it uses.
  const tarball = (name: string): string => `file:${join(dir, name, tarballIn(join(dir, name)))}`;
  const manifest = {
    name: "app",
    version: "0.0.0",
    dependencies: { "@miniprivacy/web": tarball("web") },
    overrides: { "@miniprivacy/core": tarball("core") },
  };
  writeFileSync(join(app, "package.json"), JSON.stringify(manifest));
  run("npm", ["install", "--no-audit", "--no-fund"], app);
  run("node", [join(ROOT, "test/mini-program/compiler/compile.mjs"), app, out], app);
  return out;
}

function unpack(name: string, dir: string): string {
  const target = join(dir, name);
  mkdirSync(target);
  const pack = ["-y", "pnpm@12.21.0", "--silent", "pack", "--pack-destination", target];
  run("npx", pack, join(ROOT, "packages", name));
  run("tar", ["-xzf", tarballIn(target)], target);
  return join(target, "package");
}

function tarballIn(folder: string): string {
  return readdirSync(folder).find((file) => file.endsWith(".tgz"))!;
}

function run(command: string, given: readonly string[], cwd: string): void {
  execFileSync(command, given, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
