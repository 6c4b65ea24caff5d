import { gzipSync } from "node:zlib";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import esbuild, { minify } from "rollup-plugin-esbuild";

export interface Bundle {
  readonly code: string;
  /** The files it was made of. */
  readonly modules: readonly string[];
  /** Bytes when compressed. */
  readonly gzip: number;
}

/** Bundles some lines of real use as an app would, from source. */
export async function bundle(line: string, target = "es2018"): Promise<Bundle> {
  const entry = "\0entry";
  const built = await rollup({
    input: entry,
    external: /^node:/,
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? line : null),
      },
      nodeResolve({
        exportConditions: ["@miniprivacy/source", "browser", "import", "default"],
        extensions: [".ts", ".js"],
        rootDir: process.cwd(),
      }),
      esbuild({ target, tsconfig: false }),
      minify({ target, charset: "utf8" }),
    ],
    onwarn: (warning) => {
      if (warning.code === "UNRESOLVED_IMPORT" || warning.code === "MISSING_EXPORT")
        throw new Error(warning.message);
    },
  });
  const { output } = await built.generate({ format: "es" });
  const { code, modules } = output[0];
  return { code, modules: Object.keys(modules), gzip: gzipSync(code, { level: 9 }).length };
}
