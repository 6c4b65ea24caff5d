import type { Command } from "commander";
import type { UnfinishedErasure } from "../erasure/erasure-status.ts";
import { askDeployment } from "./ask-deployment.ts";
import { addDataOption } from "./data-option.ts";
import { addExitCodes } from "./exit-codes.ts";
import { type OutputOptions, print } from "./print.ts";

interface ErasureOptions extends OutputOptions {
  readonly data?: string;
}

/** Adds `miniprivacy erasure status`. */
export function addErasureCommand(program: Command): void {
  const erasure = program
    .command("erasure")
    .description("Erasures and withdrawals being carried out.");
  addStatus(erasure);
}

function addStatus(erasure: Command): void {
  const command = erasure
    .command("status")
    .description("Tells the erasures and withdrawals that are not done, of every tenant.")
    .action(async (options: ErasureOptions) => {
      const result = await askDeployment({ data: options.data }, "erasure-status", {});
      const lines = result.erasures.flatMap((one) => describeUnfinished(one, Date.now()));
      print(options, result, lines.length === 0 ? ["nothing is unfinished"] : lines);
    });
  addDataOption(command).option(
    "--json",
    "print { erasures: [{ tenant, id, kind, state, receivedAt, nextAttemptAt, failing }] }",
  );
  addExitCodes(command, { 0: "told", 2: "no deployment there, out of reach, or wrong usage" });
}

const HOUR_MS = 3_600_000;

function describeUnfinished(
  { tenant, id, kind, state, receivedAt, nextAttemptAt, failing }: UnfinishedErasure,
  now: number,
): readonly string[] {
  const hours = Math.max(0, Math.floor((now - Date.parse(receivedAt)) / HOUR_MS));
  const entry = [
    ...(tenant === "" ? [] : [tenant]),
    id,
    kind,
    state,
    `${hours} h old`,
    nextAttemptAt === null ? "being tried" : `next attempt ${nextAttemptAt}`,
  ];
  return [
    entry.join("  "),
    ...failing.map(
      ({ store, record, attempts, fault }) =>
        `  ${store}.${record}  failed ${attempts} x  ${fault ?? "unknown"}`,
    ),
  ];
}
