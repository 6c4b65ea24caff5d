import { setTimeout as sleep } from "node:timers/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import { askControl } from "../control/control-client.ts";
import {
  CONTROL_COMMANDS,
  type ControlCommandName,
  type ControlRequest,
  type ControlResult,
} from "../control/control-command.ts";
import type { Database } from "../database/database.ts";
import { openFreeFolder } from "../database/free-folder.ts";
import { postgresDatabase } from "../database/postgres-database.ts";
import { postgresTables } from "../database/postgres-tables.ts";
import { fileJournal } from "../journal/file-journal.ts";

/** How long a process that holds the folder may take to begin listening. */
const PATIENCE_MS = 30_000;
const POLL_MS = 100;

/**
 * Carries a command out where the deployment is: in the process that holds its folder, or here on a database that can
 * be opened.
 *
 * @param data The folder of an embedded database (`DATABASE_URL`, else `MINIPRIVACY_DATA`, else `miniprivacy-data`).
 * @throws PrivacyError `ERR_CONFIG_INVALID` when there is no deployment; `ERR_DATABASE_LOCKED` when the process that
 *   holds the folder takes no commands; and what the command itself throws.
 */
export async function runOnDeployment<Name extends ControlCommandName>(
  request: ControlRequest & { readonly command: Name },
  data?: string,
): Promise<ControlResult<Name>> {
  const { DATABASE_URL, MINIPRIVACY_DATA } = process.env;
  if (data === undefined && DATABASE_URL) {
    if (!(await postgresTables(DATABASE_URL)).includes("log_head"))
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "no deployment at DATABASE_URL" });
    return runHere(request, await postgresDatabase(DATABASE_URL));
  }
  return runInFolder(request, data ?? (MINIPRIVACY_DATA || "miniprivacy-data"));
}

async function runInFolder<Name extends ControlCommandName>(
  request: ControlRequest & { readonly command: Name },
  dir: string,
): Promise<ControlResult<Name>> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const result = await askControl(dir, request);
    if (result !== undefined) return result;
    const database = await openFreeFolder(dir);
    if (database !== undefined) return runHere(request, database);
    if (performance.now() > deadline) throw new PrivacyError("ERR_DATABASE_LOCKED");
    await sleep(POLL_MS);
  }
}

async function runHere<Name extends ControlCommandName>(
  { command, actor, input }: ControlRequest & { readonly command: Name },
  database: Database,
): Promise<ControlResult<Name>> {
  const { MINIPRIVACY_JOURNAL } = process.env;
  const journal = MINIPRIVACY_JOURNAL ? fileJournal(MINIPRIVACY_JOURNAL) : undefined;
  try {
    const run = CONTROL_COMMANDS[command];
    return (await run({ database, journal }, input, actor)) as ControlResult<Name>;
  } finally {
    await database.close();
  }
}
