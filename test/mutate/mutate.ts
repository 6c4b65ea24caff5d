import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OBLIGATIONS } from "@miniprivacy/core/obligation";
import { readMentions, ROOT } from "../requirements/mentions.ts";
import { findMutants, type Mutant } from "./find-mutants.ts";

// Usage: npm run mutate -- ID… | --rotate N | --all
// Inverts what stands under each `// Requirement ID:` comment, and a test with that id must turn red.

const { code, titles } = readMentions();
const mutants = findMutants();
const scratch = mkdtempSync(join(tmpdir(), "mutate-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

let killed = 0;
let survived = 0;
for (const id of chosenIds(process.argv.slice(2))) {
  const own = mutants.filter(({ ids }) => ids.includes(id));
  if (own.length === 0) report(false, id, "no condition stands under a comment with this id");
  else if (!runTests(id).green)
    report(false, id, "its tests are red, or there are none, before any change");
  else
    for (const mutant of own) report(runTests(id, mutant).red, id, `${mutant.file}:${mutant.line}`);
}
process.stdout.write(`${killed} killed, ${survived} survived\n`);
process.exitCode = killed > 0 && survived === 0 ? 0 : 1;

function report(ok: boolean, id: string, what: string): void {
  if (ok) killed++;
  else survived++;
  process.stdout.write(`${ok ? "killed  " : "SURVIVED"} ${id} ${what}\n`);
}

/**
 * Every claimed row, and every article of law that a comment names. By rotation, the commit's hash says where to begin:
 * the same commit has the same ids, and over some commits everybody is one of them.
 */
function chosenIds(args: readonly string[]): readonly string[] {
  const marked = mutants.flatMap(({ ids }) => ids);
  const rows = new Set(
    Object.values(OBLIGATIONS).flatMap((table) => table.map((row: { id: string }) => row.id)),
  );
  const claimed = [
    ...new Set([...code.keys()].filter((id) => rows.has(id)).concat(marked)),
  ].toSorted();
  if (args[0] === "--all") return claimed;
  if (args[0] !== "--rotate") return args;
  const count = Number(args[1]);
  const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: ROOT });
  const start = Number.parseInt(String(commit), 16);
  return Array.from({ length: count }, (_, i) => claimed[(start + i) % claimed.length]!);
}

/** Runs the tests that carry an id in their title, over the sources as they are or with one of them changed. */
function runTests(id: string, mutant?: Mutant): { readonly green: boolean; readonly red: boolean } {
  const results = join(scratch, "results.json");
  rmSync(results, { force: true });
  const files = (titles.get(id) ?? []).filter((file) => !file.startsWith("test/runtime/"));
  if (files.length === 0) return { green: false, red: false };
  const titled = `(^|[^\\w.-])${id.replaceAll(".", "\\.")}(?![\\w-])`;
  spawnSync(
    join(ROOT, "node_modules/.bin/vitest"),
    // Without --bail: a run that it cuts short may report no failure at all.
    ["run", "--project", "core", "--project", "rest", "--reporter", "json", "--outputFile", results]
      .concat("-t", titled)
      .concat(files),
    {
      cwd: ROOT,
      stdio: "ignore",
      env: { ...process.env, ...(mutant && { MUTANT: JSON.stringify(mutant) }) },
    },
  );
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, "utf8")) as {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
  };
  return { green: numPassedTests > 0 && numFailedTests === 0, red: numFailedTests > 0 };
}
