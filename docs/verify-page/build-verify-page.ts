import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The verify page as one file, and the content policy that it carries and may be served with. */
export interface VerifyPage {
  readonly content: string;
  readonly policy: string;
}

const folder = fileURLToPath(new URL("./", import.meta.url));

/** Bundles the verify page from source: its policy lets nothing run but its own script, and nothing leave. */
export async function buildVerifyPage(): Promise<VerifyPage> {
  const script = await bundleScript();
  const style = await readFile(`${folder}style.css`, "utf8");
  const policy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types certificate`;
  const parts: readonly (readonly [linked: string, inline: string])[] = [
    [
      '<meta charset="utf-8" />',
      `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    ],
    ['<link rel="stylesheet" href="verify.css" />', `<style>${style}</style>`],
    ['<script type="module" src="verify.js"></script>', `<script type="module">${script}</script>`],
  ];
  const html = await readFile(`${folder}index.html`, "utf8");
  const content = parts.reduce((page, [linked, inline]) => {
    if (!page.includes(linked)) throw new Error(`the page has no ${linked}`);
    return page.replace(linked, () => inline);
  }, html);
  return { content, policy };
}

async function bundleScript(): Promise<string> {
  const { outputFiles, warnings } = await build({
    entryPoints: [`${folder}main.ts`],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    conditions: ["@miniprivacy/source"],
    logLevel: "silent",
  });
  if (warnings[0] !== undefined) throw new Error(warnings[0].text);
  const script = outputFiles[0]!.text;
  if (/<\/script|<!--/i.test(script)) throw new Error("the script would end inside the page");
  return script;
}

function digest(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
