import { PrivacyError } from "@miniprivacy/core/errors";
import { type GuardDrill, type GuardedTransports, runGuardDrill } from "../guard/guard-drill.ts";
import { loadHostModule } from "./host-module.ts";
import { type OutputOptions, print } from "./print.ts";

/**
 * Runs a guard drill on the transports that a config names, and prints what became of each canary.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the config cannot be loaded or names none.
 */
export async function checkGuard(path: string, options: OutputOptions): Promise<void> {
  const drill = await runGuardDrill(await readTransports(path));
  print(options, drill, describe(drill));
  process.exitCode = drill.passed ? 0 : 1;
}

/** What the config exports as `guardedTransports`, or has under that name in its default export. */
async function readTransports(path: string): Promise<GuardedTransports> {
  const { guardedTransports: named, default: exported } = await loadHostModule(path);
  const config: unknown =
    named === undefined && typeof exported === "function" ? await exported() : exported;
  const transports =
    named ?? (config as { readonly guardedTransports?: unknown } | undefined)?.guardedTransports;
  if (!isTransports(transports))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${path} names no guardedTransports` });
  return transports;
}

function isTransports(value: unknown): value is GuardedTransports {
  if (typeof value !== "object" || value === null) return false;
  const all = Object.values(value);
  return all.length > 0 && all.every((transport) => typeof transport === "function");
}

type Row = readonly [transport: string, kind: string, carrier: string, outcome: string];

function describe({ passed, transports }: GuardDrill): readonly string[] {
  const rows = transports.flatMap(({ transport, outcome, canaries }): readonly Row[] =>
    outcome === "not-reached"
      ? [[transport, "-", "-", outcome]]
      : canaries.map((canary) => [transport, canary.kind, canary.carrier, canary.outcome]),
  );
  const outcomes = rows.map(([, , , outcome]) => outcome);
  const counts = [...new Set(outcomes)].map(
    (outcome) => `${outcomes.filter((other) => other === outcome).length} ${outcome}`,
  );
  return [...table(rows), `${passed ? "passed" : "failed"}: ${counts.join(", ")}`];
}

function table(rows: readonly Row[]): readonly string[] {
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  "));
}
