import { stat } from "node:fs/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import { askControl } from "../control/control-client.ts";
import {
  CONTROL_COMMANDS,
  type ControlCommandName,
  type ControlResult,
} from "../control/control-command.ts";
import { requireDatabaseIn } from "../database/free-folder.ts";
import { actorOf } from "./actor.ts";
import { CONFIG_FILE, type ConfiguredPlace } from "./config-option.ts";
import { openConfig } from "./serve-config.ts";

/** Has a command carried out there. */
export type AskConfigured = <Name extends ControlCommandName>(
  command: Name,
  input: object,
) => Promise<ControlResult<Name>>;

/**
 * Works with a deployment that reaches the host's stores: the process that holds the folder, or this one, which opens what
 * a config describes for as long as it takes.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when no process runs, and nothing says how the stores are reached.
 */
export async function onConfiguredDeployment<Result>(
  at: ConfiguredPlace,
  use: (ask: AskConfigured) => Promise<Result>,
): Promise<Result> {
  const { DATABASE_URL, MINIPRIVACY_DATA } = process.env;
  const actor = actorOf(at);
  if (at.data === undefined && DATABASE_URL) return onConfig(at, actor, use);
  const dir = at.data ?? (MINIPRIVACY_DATA || "miniprivacy-data");
  if ((await askControl(dir, { command: "log-status", actor, input: {} })) !== undefined)
    return use((command, input) => askRunning(dir, { command, actor, input }));
  if (DATABASE_URL)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "--data beside DATABASE_URL" });
  await requireDatabaseIn(dir);
  return onConfig({ ...at, data: dir }, actor, use);
}

async function askRunning<Name extends ControlCommandName>(
  dir: string,
  request: { readonly command: Name; readonly actor: string; readonly input: object },
): Promise<ControlResult<Name>> {
  const result = await askControl(dir, request);
  if (result !== undefined) return result;
  throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the process has ended" });
}

async function onConfig<Result>(
  { data, config = CONFIG_FILE }: ConfiguredPlace,
  actor: string,
  use: (ask: AskConfigured) => Promise<Result>,
): Promise<Result> {
  if ((await stat(config).catch(() => undefined)) === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `no process is reached, and there is no ${config} to reach the stores by`,
    });
  const { privacy, controlled } = await openConfig(config, data);
  try {
    return await use(
      async <Name extends ControlCommandName>(command: Name, input: object) =>
        (await CONTROL_COMMANDS[command](controlled, input, actor)) as ControlResult<Name>,
    );
  } finally {
    await privacy.close();
  }
}
