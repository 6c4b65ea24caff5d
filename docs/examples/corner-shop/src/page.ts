import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import esbuild from "rollup-plugin-esbuild";

/** The page's files by path, ready to be sent. */
export type Page = { readonly [path: string]: { readonly type: string; readonly content: string } };

const folder = fileURLToPath(new URL("../page/", import.meta.url));

/** Bundles the page's script from source. */
export async function buildPage(): Promise<Page> {
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
  return {
    "/": {
      type: "text/html; charset=utf-8",
      content: await readFile(`${folder}index.html`, "utf8"),
    },
    "/style.css": {
      type: "text/css; charset=utf-8",
      content: await readFile(`${folder}style.css`, "utf8"),
    },
    "/main.js": { type: "text/javascript; charset=utf-8", content: output[0].code },
  };
}
