import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Policy } from "@miniprivacy/core/policy";
import { type AccessLog, createAccessLog } from "../access/access-log.ts";
import { type AccessQuestions, createAccessQuestions } from "../access/access-questions.ts";
import { standingOf } from "../access/known-facts.ts";
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
import { openJournal } from "../journal/open-journal.ts";
import { keysFromFolder } from "../key/key-folder.ts";

/** How long a process that holds the folder may take to begin listening. */
const PATIENCE_MS = 30_000;
const POLL_MS = 100;

/** Where a deployment is, and what no running process tells of it. */
export interface DeploymentPlace {
  /** The folder of an embedded database (`DATABASE_URL`, else `MINIPRIVACY_DATA`, else `miniprivacy-data`). */
  readonly data?: string | undefined;
  /** The policy in force and those published before (a command that asks about reads is refused). */
  readonly policies?: readonly Policy[];
  /** The controller's (requests come without warnings). */
  readonly country?: string | undefined;
}

/**
 * Carries a command out where the deployment is: in the process that holds its folder, or here on a database that can
 * be opened.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when there is no deployment; `ERR_DATABASE_LOCKED` when the process that
 *   holds the folder takes no commands; and what the command itself throws.
 */
export async function runOnDeployment<Name extends ControlCommandName>(
  request: ControlRequest & { readonly command: Name },
  { data, policies = [], country }: DeploymentPlace = {},
): Promise<ControlResult<Name>> {
  const { DATABASE_URL, MINIPRIVACY_DATA } = process.env;
  if (data === undefined && DATABASE_URL) {
    if (!(await postgresTables(DATABASE_URL)).includes("log_head"))
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "no deployment at DATABASE_URL" });
    return runHere(request, await postgresDatabase(DATABASE_URL), { policies, country });
  }
  const dir = data ?? (MINIPRIVACY_DATA || "miniprivacy-data");
  return runInFolder(request, dir, { policies, country, keys: join(dir, "keys") });
}

async function runInFolder<Name extends ControlCommandName>(
  request: ControlRequest & { readonly command: Name },
  dir: string,
  beside: DeploymentFiles,
): Promise<ControlResult<Name>> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const result = await askControl(dir, request);
    if (result !== undefined) return result;
    const database = await openFreeFolder(dir);
    if (database !== undefined) return runHere(request, database, beside);
    if (performance.now() > deadline) throw new PrivacyError("ERR_DATABASE_LOCKED");
    await sleep(POLL_MS);
  }
}

/** What a command needs beside the database when it runs here. */
interface DeploymentFiles {
  readonly policies: readonly Policy[];
  readonly country: string | undefined;
  /** Folder of the keys, unless `MINIPRIVACY_KEYS` names another. */
  readonly keys?: string;
}

async function runHere<Name extends ControlCommandName>(
  { command, actor, input }: ControlRequest & { readonly command: Name },
  database: Database,
  beside: DeploymentFiles,
): Promise<ControlResult<Name>> {
  const { MINIPRIVACY_JOURNAL } = process.env;
  const journal = MINIPRIVACY_JOURNAL ? await openJournal(MINIPRIVACY_JOURNAL) : undefined;
  const log = createAccessLog({ database, now: Date.now }, () => {});
  try {
    const questions = await openQuestions(database, beside, log);
    const run = CONTROL_COMMANDS[command];
    const { country } = beside;
    const deployment = {
      database,
      journal,
      ...(questions && { questions }),
      ...(country !== undefined && { country }),
    };
    return (await run(deployment, input, actor)) as ControlResult<Name>;
  } finally {
    await log.close();
    await database.close();
  }
}

/** Undefined where nobody says which policy is in force. */
async function openQuestions(
  database: Database,
  { policies: [policy, ...earlierPolicies], keys: folder }: DeploymentFiles,
  log: AccessLog,
): Promise<AccessQuestions | undefined> {
  if (policy === undefined) return undefined;
  const keys = process.env["MINIPRIVACY_KEYS"] || folder;
  if (keys === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "PostgreSQL needs MINIPRIVACY_KEYS" });
  const runtime = {
    database,
    keys: await keysFromFolder(keys),
    policy,
    earlierPolicies,
    standing: standingOf(policy, earlierPolicies),
    observeUntil: undefined,
    now: Date.now,
  };
  return createAccessQuestions(runtime, log);
}
