import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import esbuild from "rollup-plugin-esbuild";

// Run in a package's folder: one file for each entry of its `exports`, chunks for what they share.
const {
  name,
  miniprogram,
  exports: entries,
  dependencies = {},
  optionalDependencies = {},
  peerDependencies = {},
  bin = {},
} = JSON.parse(readFileSync("package.json", "utf8"));
const sources = Object.values(entries).flatMap((entry) => entry["@miniprivacy/source"] ?? []);
const commands = Object.values(bin).map((file) =>
  file.replace("./dist/", "./src/").replace(".js", ".ts"),
);
const outside = [dependencies, optionalDependencies, peerDependencies].flatMap(Object.keys);

const target = name === "@miniprivacy/web" ? "es2018" : "es2022";
const named = (files) =>
  Object.fromEntries(files.map((file) => [file.slice("./src/".length, -".ts".length), file]));
const onwarn = (warning) => {
  throw new Error(warning.message);
};

const modules = {
  input: named([...sources, ...commands]),
  output: {
    dir: "dist",
    format: "es",
    chunkFileNames: "chunks/[name]-[hash].js",
    hoistTransitiveImports: false,
  },
  external: (id) =>
    id.startsWith("node:") ||
    outside.some((dependency) => id === dependency || id.startsWith(`${dependency}/`)),
  plugins: [nodeResolve({ extensions: [".ts", ".js"] }), esbuild({ target, tsconfig: false })],
  onwarn,
};

const componentFile = (name, extension) => `./src/component/${name}/index.${extension}`;
const components =
  miniprogram === undefined
    ? []
    : readdirSync("./src/component").filter((name) => existsSync(componentFile(name, "wxml")));

const toCommonJs = [
  nodeResolve({
    extensions: [".ts", ".js"],
    exportConditions: ["@miniprivacy/source", "import", "default"],
  }),
  esbuild({ target: "es2018", charset: "utf8", tsconfig: false }),
];

// What a mini-program's own package manager copies as it is: CommonJS, with everything in it.
const miniProgram = {
  input: {
    index: "./src/mini-program.ts",
    ...Object.fromEntries(components.map((name) => [`${name}/index`, componentFile(name, "ts")])),
  },
  output: {
    dir: miniprogram,
    format: "cjs",
    exports: "named",
    chunkFileNames: "chunks/[name].js",
    hoistTransitiveImports: false,
  },
  plugins: [
    ...toCommonJs,
    {
      name: "beside-the-scripts",
      buildStart() {
        // Nothing of an earlier build is packed.
        rmSync(miniprogram, { recursive: true, force: true });
      },
      generateBundle() {
        const emit = (fileName, source) => this.emitFile({ type: "asset", fileName, source });
        // Bundlers would take its files for modules: the package's own are.
        emit("package.json", `${JSON.stringify({ type: "commonjs" })}\n`);
        // The entry's other name, for code that says which client it means.
        emit("mini-program.js", 'module.exports = require("./index.js");\n');
        emit("style.wxss", readFileSync("./src/component/style.wxss"));
        for (const name of components)
          for (const extension of ["json", "wxml", "wxss"])
            emit(`${name}/index.${extension}`, readFileSync(componentFile(name, extension)));
      },
    },
  ],
  onwarn,
};

// By itself: an app without it carries nothing of it.
const miniProgramGuard = {
  input: { guard: "./src/mini-program-guard.ts" },
  output: { dir: miniprogram, format: "cjs", exports: "named" },
  plugins: toCommonJs,
  onwarn,
};

export default miniprogram === undefined ? modules : [modules, miniProgram, miniProgramGuard];
