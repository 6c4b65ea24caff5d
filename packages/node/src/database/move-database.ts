import { join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import { forgetClaims } from "../erasure/run-claim.ts";
import { requireSameKeys } from "../key/key-check.ts";
import { copyKeyFolder } from "../key/copy-key-folder.ts";
import { hasKeys, keysFromFolder } from "../key/key-folder.ts";
import { recomputeLog } from "../log/recompute-log.ts";
import {
  type CopiedTables,
  copyDatabase,
  MADE_WITH_TABLES,
  notEmpty,
  ownTables,
} from "./copy-database.ts";
import type { Database } from "./database.ts";
import { openFreeFolder } from "./free-folder.ts";
import { writeMoveNote } from "./move-note.ts";
import { postgresDatabase } from "./postgres-database.ts";
import { postgresTables } from "./postgres-tables.ts";

export interface MoveOptions {
  /** The folder of the embedded database. */
  readonly from: string;
  /** `postgres://user@host/database`, empty. */
  readonly to: string;
  /** Folder for the deployment's keys; one without keys gets those that lie beside the database. */
  readonly keys: string;
  /** Who moves it. */
  readonly actor: string;
  /** Told how far each table is. */
  readonly onRows?: (table: string, rows: number) => void;
}

/** What was moved. */
export interface MovedDatabase {
  readonly tables: CopiedTables;
  readonly log: { readonly size: number; readonly root: Uint8Array };
}

/**
 * Moves an embedded database to PostgreSQL: every row, the log and the jobs that are not done, in one transaction. The
 * folder keeps what it has and can no longer be opened.
 *
 * @throws PrivacyError `ERR_DATABASE_LOCKED` when a living process holds the folder; `ERR_CONFIG_INVALID` when it holds
 *   no database, the keys are not this deployment's, or the target is not empty; `ERR_STORE_UNAVAILABLE` when the target
 *   cannot be reached or the log does not come out the same. Nothing was moved then.
 */
export async function moveDatabase(options: MoveOptions): Promise<MovedDatabase> {
  const source = await openFreeFolder(options.from, nameOf(options.to));
  if (source === undefined) throw new PrivacyError("ERR_DATABASE_LOCKED");
  try {
    await placeKeys(source, join(options.from, "keys"), options.keys);
    const expected = [...(await ownTables(source)), ...MADE_WITH_TABLES];
    if ((await postgresTables(options.to)).some((name) => !expected.includes(name)))
      throw notEmpty();
    const target = await postgresDatabase(options.to);
    try {
      return await moveAll(source, target, options);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Wherever the keys are to be: they are this deployment's, or nothing is moved. */
async function placeKeys(source: Database, beside: string, folder: string): Promise<void> {
  const there = await hasKeys(folder);
  await requireSameKeys(source, await keysFromFolder(there ? folder : beside));
  if (!there) await copyKeyFolder(beside, folder);
}

async function moveAll(
  source: Database,
  target: Database,
  { from, to, actor, onRows }: MoveOptions,
): Promise<MovedDatabase> {
  let log: MovedDatabase["log"] | undefined;
  const tables = await copyDatabase(source, target, {
    ...(onRows && { onRows }),
    async finish(old, unit) {
      const before = await recomputeLog(old);
      await forgetClaims(unit);
      log = await recomputeLog(unit);
      if (log.size !== before.size || !Buffer.from(log.root).equals(before.root))
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the log differs there" });
      // From here on the folder is closed. Should the commit be cut off, the same move can be made again.
      await writeMoveNote(from, { movedAt: new Date().toISOString(), actor, to: nameOf(to) });
    },
  });
  return { tables, log: log! };
}

/** Without user and password. */
function nameOf(url: string): string {
  if (!URL.canParse(url))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the target is no URL" });
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
