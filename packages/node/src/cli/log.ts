import type { Command } from "commander";
import type { LogStatus } from "../control/log-status.ts";
import { actorOf } from "./actor.ts";
import { addDataOption } from "./data-option.ts";
import { addExitCodes } from "./exit-codes.ts";
import { type OutputOptions, print } from "./print.ts";

interface LogStatusOptions extends OutputOptions {
  readonly data?: string;
}

/** Adds `miniprivacy log status`. */
export function addLogCommand(program: Command): void {
  const log = program.command("log").description("The log of a deployment.");
  const status = log
    .command("status")
    .description("Tells the log's size and root, and how far checkpoint and journal have come.");
  addDataOption(status)
    .option("--json", "print { size, root, checkpoint, journal }")
    .action(async (options: LogStatusOptions) => {
      const { runOnDeployment } = await import("./run-on-deployment.ts");
      const request = { command: "log-status", actor: actorOf({}), input: {} } as const;
      const result = await runOnDeployment(request, options);
      print(options, result, describe(result));
    });
  addExitCodes(status, { 0: "told", 2: "no deployment there, out of reach, or wrong usage" });
}

function describe({ size, root, checkpoint, journal }: LogStatus): readonly string[] {
  return [
    `size        ${size}`,
    `root        ${root}`,
    `checkpoint  ${checkpoint === null ? "none" : checkpoint.size}`,
    `journal     ${journal === null ? "none" : journal.size}`,
  ];
}
