import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Language } from "@miniprivacy/core/policy";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import esbuild from "rollup-plugin-esbuild";
import { buildVerifyPage } from "../../../verify-page/build-verify-page.ts";
import { TEXTS, type Texts } from "../page/texts.ts";
import { policy } from "./policy.ts";

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly headers: { readonly [name: string]: string };
  readonly content: string;
}

/** The file at a path; the shop's page comes in the language the URL asks for. */
export type Page = (url: URL) => PageFile | undefined;

const folder = fileURLToPath(new URL("../page/", import.meta.url));

const STYLE = { "content-type": "text/css; charset=utf-8" };
const SCRIPT = { "content-type": "text/javascript; charset=utf-8" };
const SHOP_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** Bundles the shop's page and the verify page from source. */
export async function buildPage(): Promise<Page> {
  const [script, verify, style, template] = await Promise.all([
    buildScript(),
    buildVerifyPage(),
    readFile(`${folder}style.css`, "utf8"),
    readFile(`${folder}index.html`, "utf8"),
  ]);
  const shop = (language: Language): PageFile => ({
    headers: documentHeaders(SHOP_POLICY),
    content: firstState(template, language),
  });
  const shops = { "zh-CN": shop("zh-CN"), en: shop("en") };
  const files: { readonly [path: string]: PageFile } = {
    "/style.css": { headers: STYLE, content: style },
    "/main.js": { headers: SCRIPT, content: script },
    "/verify.html": {
      headers: documentHeaders(`${verify.policy}; frame-ancestors 'none'`),
      content: verify.content,
    },
  };
  return ({ pathname, searchParams }) =>
    pathname === "/"
      ? shops[searchParams.get("language") === "en" ? "en" : "zh-CN"]
      : Object.hasOwn(files, pathname)
        ? files[pathname]
        : undefined;
}

function documentHeaders(contentPolicy: string): { readonly [name: string]: string } {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": contentPolicy,
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
  };
}

/** The page as it is before its script has run: every text, and a place of the right size for what is still to come. */
function firstState(template: string, language: Language): string {
  const texts = TEXTS[language];
  return template
    .replace('<html lang="zh-CN">', `<html lang="${language}">`)
    .replace("/verify.html", `/verify.html?language=${language}`)
    .replaceAll(
      /(<[^<>]*\sdata-text="(\w+)"[^<>]*>)(?=<)/g,
      (tag, _whole, name: string) => `${tag}${escapeHtml(textOf(texts, name))}`,
    )
    .replace('<ul id="purposes"></ul>', `<ul id="purposes">${purposeRows(language)}</ul>`);
}

/** Holds the center's room; the names come in both languages, and the style shows the page's. */
function purposeRows(language: Language): string {
  return Object.values(policy.purposes)
    .map(({ label }) => {
      const names = Object.entries(label).map(
        ([name, text]) => `<span lang="${name}">${escapeHtml(text)}</span>`,
      );
      return `<li><b>${names.join("")}</b><span class="status">${escapeHtml(TEXTS[language].reading)}</span></li>`;
    })
    .join("");
}

function textOf(texts: Texts, name: string): string {
  const text = (texts as { readonly [name: string]: unknown })[name];
  if (typeof text !== "string") throw new Error(`the page has no text ${name}`);
  return text;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

async function buildScript(): Promise<string> {
  const bundle = await rollup({
    input: `${folder}main.ts`,
    plugins: [
      nodeResolve({
        exportConditions: ["@miniprivacy/source", "browser", "import", "default"],
        extensions: [".ts", ".js"],
      }),
      esbuild({ target: "es2022", tsconfig: false }),
    ],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const { output } = await bundle.generate({ format: "es" });
  return output[0].code;
}
