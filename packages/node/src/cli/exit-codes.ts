import type { Command } from "commander";

/** What each exit code of a command means. */
export type ExitCodes = { readonly [code: number]: string };

/** A fault of ours: not what the command was given. */
export const FAULT = 3;

/** Tells the exit codes in a command's help. */
export function addExitCodes(command: Command, codes: ExitCodes): Command {
  const all = Object.entries({ ...codes, [FAULT]: "a fault inside" });
  const lines = all.map(([code, meaning]) => `  ${code}  ${meaning}`);
  return command.addHelpText("after", `\nExit codes:\n${lines.join("\n")}`);
}
