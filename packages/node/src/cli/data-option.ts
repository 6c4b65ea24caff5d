import type { Command } from "commander";

/** Lets a command say which embedded database it is about. */
export function addDataOption(command: Command): Command {
  return command.option(
    "--data <folder>",
    "the embedded database (DATABASE_URL, else MINIPRIVACY_DATA, else miniprivacy-data)",
  );
}
