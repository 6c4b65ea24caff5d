import { isPrivacyError } from "@miniprivacy/core/errors";
import { CommanderError } from "commander";
import { faultFields } from "../logger.ts";
import { FAULT } from "./exit-codes.ts";
import { createProgram } from "./program.ts";

/** Runs the command that the arguments name; what became of it stands in `process.exitCode`. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) tell(error, args.includes("--json"));
    process.exitCode = exitCode(error);
  }
}

/** 0 after help, 2 for wrong usage and for what was refused; anything else is a fault of ours. */
function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return isPrivacyError(error) ? 2 : FAULT;
}

/** A fault's own message may hold values: its kind and place are told instead. */
function tell(error: unknown, json: boolean): void {
  const { code, message, issues } = isPrivacyError(error)
    ? error
    : { code: "ERR_INTERNAL", message: JSON.stringify(faultFields(error)), issues: [] };
  const lines = [
    `miniprivacy: ${code}: ${message}`,
    ...issues.map((issue) => `  ${issue.code} at ${issue.schemaPath}`),
  ];
  const text = json ? JSON.stringify({ error: { code, message, issues } }) : lines.join("\n");
  process.stderr.write(`${text}\n`);
}
