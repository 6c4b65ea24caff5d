import type { Command } from "commander";
import { addDataOption } from "./data-option.ts";

/** The module that exports the options of `createPrivacy`, unless another is named. */
export const CONFIG_FILE = "privacy.config.ts";

/** Where a deployment is, and how its stores are reached when no process runs. */
export interface ConfiguredPlace {
  readonly data?: string;
  readonly config?: string;
  readonly actor?: string;
}

/** Lets a command that needs the stores say where the deployment is. */
export function addConfigOptions(command: Command): Command {
  const reached = `what reaches the stores, where no process runs (${CONFIG_FILE})`;
  return addDataOption(command.option("--config <module>", reached));
}
