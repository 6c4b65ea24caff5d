import { scanText, scanValue } from "@miniprivacy/core/sensitive-data";
import { cases } from "./cases.ts";
import { evaluate, type Mistake } from "./evaluate.ts";
import { belowFloors } from "./floors.ts";

// node --import tsx --conditions @miniprivacy/source test/guard-evaluation/report.ts [--misses] [type …]

const types = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const { rows, misses, falseAlarms, unfinished } = evaluate({ scanText, scanValue }, cases);
const written = cases.filter((item) => item.origin === "written").length;
const empty = cases.filter((item) => item.labels.length === 0).length;
print(`${cases.length} cases, ${written} of them written by hand; ${empty} hold nothing to find`);
print(
  `${"type".padEnd(28)}${"labelled".padStart(9)}${"found".padStart(7)}${"wrong".padStart(7)}${"recall".padStart(8)}${"precision".padStart(11)}`,
);
for (const row of rows)
  print(
    row.type.padEnd(28) +
      String(row.labelled).padStart(9) +
      String(row.found).padStart(7) +
      String(row.wrong).padStart(7) +
      row.recall.toFixed(3).padStart(8) +
      row.precision.toFixed(3).padStart(11),
  );
if (unfinished.length > 0) print(`Given up on: ${unfinished.join(", ")}`);
if (process.argv.includes("--misses")) {
  list("Missed", misses);
  list("False alarms", falseAlarms);
}
const below = belowFloors(rows);
print(
  below.length === 0 ? "Every type reaches its floor" : `Below their floors:\n${below.join("\n")}`,
);

function list(title: string, mistakes: readonly Mistake[]): void {
  const shown = mistakes.filter(({ type }) => types.length === 0 || types.includes(type));
  print(`\n${title}: ${shown.length}`);
  for (const mistake of shown)
    print(`  ${mistake.type} ${mistake.case} ${mistake.place}  ${mistake.shown}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
