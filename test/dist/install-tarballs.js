// Packs the three packages, asks attw about their types, installs the tarballs in an empty folder and uses every entry from there.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "tarballs-"));
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const bin = (command) => join(root, "node_modules/.bin", command);
let passed = 0;
const check = (holds, what) => {
  if (!holds) throw new Error(`not so: ${what}`);
  passed++;
};

try {
  const names = ["core", "web", "node"];
  for (const name of names)
    run(
      "npx",
      ["-y", "pnpm@12.21.0", "pack", "--pack-destination", dir],
      join(root, "packages", name),
    );
  const tarballs = readdirSync(dir).filter((file) => file.endsWith(".tgz"));
  check(tarballs.length === names.length, "three tarballs");
  for (const tarball of tarballs) {
    const files = run("tar", ["-tzf", join(dir, tarball)]).split("\n");
    check(
      !files.some((file) => /\.test\.|\.bench\.|\.fixture\.|tsbuildinfo|package\/src\//.test(file)),
      `${tarball} holds no tests and no source`,
    );
    run(bin("attw"), ["--profile", "esm-only", "--no-emoji", join(dir, tarball)]);
    check(true, `every entry of ${tarball} has types where resolvers look`);
    check(
      files.includes("package/README.md") && files.includes("package/LICENSE"),
      `${tarball} holds README and LICENSE`,
    );
  }
  const empty = mkdtempSync(join(dir, "empty-"));
  writeFileSync(join(empty, "package.json"), '{"private":true,"type":"module"}');
  run(
    "npm",
    ["install", "--no-audit", "--no-fund", ...tarballs.map((file) => join(dir, file))],
    empty,
  );
  for (const name of names) {
    const manifest = JSON.parse(
      readFileSync(join(empty, "node_modules/@miniprivacy", name, "package.json"), "utf8"),
    );
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");
    check(
      !JSON.stringify(manifest.exports).includes("@miniprivacy/source"),
      `${name} is published without the source condition`,
    );
    for (const entry of entries) {
      const specifier = `@miniprivacy/${name}${entry.slice(1)}`;
      const exported = run(
        "node",
        ["-e", `import('${specifier}').then((m) => console.log(Object.keys(m).length))`],
        empty,
      );
      check(Number(exported) > 0, `${specifier} imports`);
    }
  }
  const typeTests = readdirSync(join(root, "test/types"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `test/types/${file}`);
  const compiled = ["test/dist/consumer.ts", ...typeTests];
  for (const file of ["docs/examples/first-steps/policy.ts", ...compiled]) {
    mkdirSync(dirname(join(empty, file)), { recursive: true });
    copyFileSync(join(root, file), join(empty, file));
  }
  for (const [module, moduleResolution] of [
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ]) {
    const compilerOptions = {
      module,
      moduleResolution,
      target: "ES2022",
      lib: ["ES2022", "DOM"],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
    };
    writeFileSync(
      join(empty, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: compiled }),
    );
    run(bin("tsc"), ["-p", "."], empty);
    check(true, `types resolve by ${moduleResolution}, and the type tests hold`);
  }
  const help = run("npx", ["miniprivacy", "--help"], empty);
  check(help.includes("verify"), "the miniprivacy command runs");
  process.stdout.write(`dist: ${passed} checks passed\n`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
