import { readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { appScript } from "./app-code.ts";
import type { AppFiles } from "./app-files.ts";

export interface SiteOptions {
  readonly app: AppFiles;
  /** Module that exports `createWx(hooksTarget)`: answers `wx`, puts `openType` into the target. */
  readonly wxModule: string;
  /** Export conditions to bundle it with (none). */
  readonly conditions?: readonly string[];
  /** Page to begin with (the first of `app.json`). */
  readonly url?: string;
}

export interface SiteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Answers a path of the site; `undefined` where there is nothing. */
export type Site = (path: string) => SiteAnswer | undefined;

/** Inline styles are how the engine brings WXSS in; scripts come from files only, none is evaluated. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src *";

const PAGE = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mini-program</title>
<script src="/-/app.js" defer></script>
<script src="/-/container.js" defer></script>
<body></body>
</html>`;

const TYPES: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

/** One HTML page with two scripts: the app's, as compiled, and the container with the host object. */
export async function createSite(options: SiteOptions): Promise<Site> {
  const files: Readonly<Record<string, SiteAnswer>> = {
    "/": answer("text/html", PAGE),
    "/favicon.ico": { ...answer("image/x-icon", ""), status: 204 },
    "/-/app.js": answer(
      "text/javascript",
      dataScript(options) + appScript(options.app, "miniProgramCode"),
    ),
    "/-/container.js": answer("text/javascript", await bundleContainer(options)),
  };
  return (path) => files[path] ?? imageOf(options.app, path);
}

function dataScript({ app, url }: SiteOptions): string {
  const data = { ...app, templates: "", scripts: {} };
  return `var miniProgramFiles = ${JSON.stringify(data)}, miniProgramUrl = ${JSON.stringify(url)};\n`;
}

async function bundleContainer({ wxModule, conditions = [] }: SiteOptions): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("browser-entry.ts", import.meta.url))],
    alias: { "wx-module": wxModule },
    conditions: [...conditions, "module", "browser"],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

function imageOf(app: AppFiles, path: string): SiteAnswer | undefined {
  const type = TYPES[extname(path)];
  const file = join(app.directory, join("/", path));
  if (type === undefined || statSync(file, { throwIfNoEntry: false }) === undefined)
    return undefined;
  return answer(type, readFileSync(file));
}

function answer(type: string, body: string | Buffer): SiteAnswer {
  return {
    status: 200,
    headers: { "content-type": `${type}; charset=utf-8`, "content-security-policy": POLICY },
    body,
  };
}
