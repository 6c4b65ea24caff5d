import { readFileSync } from "node:fs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import esbuild from "rollup-plugin-esbuild";

// Run in a package's folder: one file for each entry of its `exports`, chunks for what they share.
const {
  name,
  exports: entries,
  dependencies = {},
  optionalDependencies = {},
  bin = {},
} = JSON.parse(readFileSync("package.json", "utf8"));
const sources = Object.values(entries).flatMap((entry) => entry["@miniprivacy/source"] ?? []);
const commands = Object.values(bin).map((file) =>
  file.replace("./dist/", "./src/").replace(".js", ".ts"),
);
const outside = [...Object.keys(dependencies), ...Object.keys(optionalDependencies)];

export default {
  input: Object.fromEntries(
    [...sources, ...commands].map((file) => [file.slice("./src/".length, -".ts".length), file]),
  ),
  output: {
    dir: "dist",
    format: "es",
    chunkFileNames: "chunks/[name]-[hash].js",
    hoistTransitiveImports: false,
  },
  external: (id) =>
    id.startsWith("node:") ||
    outside.some((dependency) => id === dependency || id.startsWith(`${dependency}/`)),
  plugins: [
    nodeResolve({ extensions: [".ts", ".js"] }),
    esbuild({ target: name === "@miniprivacy/web" ? "es2018" : "es2022", tsconfig: false }),
  ],
  onwarn(warning) {
    throw new Error(warning.message);
  },
};
