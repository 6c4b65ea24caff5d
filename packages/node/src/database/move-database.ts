import { join } from "node:path";
import { sql } from "kysely";
import { PrivacyError } from "@miniprivacy/core/errors";
import { forgetClaims } from "../erasure/run-claim.ts";
import { requireSameKeys } from "../key/key-check.ts";
import { copyKeyFolder } from "../key/copy-key-folder.ts";
import { hasKeys, keysFromFolder } from "../key/key-folder.ts";
import { recomputeLog } from "../log/recompute-log.ts";
import { installQueue, QUEUE_SCHEMA } from "../queue/job-queue.ts";
import type { Database, Unit } from "./database.ts";
import { openFreeFolder } from "./free-folder.ts";
import { writeMoveNote } from "./move-note.ts";
import { postgresDatabase } from "./postgres-database.ts";
import { postgresTables } from "./postgres-tables.ts";
import { copyTable, tableShape } from "./table-copy.ts";

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
  /** Rows by table. */
  readonly tables: { readonly [table: string]: number };
  readonly log: { readonly size: number; readonly root: Uint8Array };
}

/** Both sides write these while they make their tables. */
const OWN_TABLES = ["migration", "migration_lock"];
const JOBS = `${QUEUE_SCHEMA}.job`;

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
    const tables = await ownTables(source);
    const expected = [...tables, ...OWN_TABLES];
    if ((await postgresTables(options.to)).some((name) => !expected.includes(name)))
      throw notEmpty();
    const target = await postgresDatabase(options.to);
    try {
      return await moveAll(source, target, tables, options);
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
  tables: readonly string[],
  { from, to, actor, onRows = () => {} }: MoveOptions,
): Promise<MovedDatabase> {
  const queues = await queueNames(source);
  for (const queue of queues) await installQueue(target, queue);
  const names = [...tables, ...(queues.length > 0 ? [JOBS] : [])];
  return source.tables.transaction().execute((old) =>
    target.tables.transaction().execute(async (unit) => {
      await takeEmpty(unit, names);
      const before = await recomputeLog(old);
      const counts: [string, number][] = [];
      for (const name of names) {
        const shape = await tableShape(old, name);
        const rows = await copyTable(old, unit, shape, (sofar) => onRows(name, sofar));
        counts.push([name, rows]);
      }
      await forgetClaims(unit);
      const after = await recomputeLog(unit);
      if (after.size !== before.size || !Buffer.from(after.root).equals(before.root))
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the log differs there" });
      // From here on the folder is closed. Should the commit be cut off, the same move can be made again.
      await writeMoveNote(from, { movedAt: new Date().toISOString(), actor, to: nameOf(to) });
      return { tables: Object.fromEntries(counts), log: after };
    }),
  );
}

/** Holds every table of the target until the end of the transaction, and makes sure that nothing is in them. */
async function takeEmpty(unit: Unit, names: readonly string[]): Promise<void> {
  await sql.raw(`lock table ${names.join(", ")} in access exclusive mode`).execute(unit);
  const filled = names.map((name) =>
    name === "log_head"
      ? "exists (select 1 from log_head where size > 0)"
      : `exists (select 1 from ${name})`,
  );
  const { rows } = await sql<{
    filled: boolean;
  }>`select ${sql.raw(filled.join(" or "))} as filled`.execute(unit);
  if (rows[0]!.filled) throw notEmpty();
  await unit.deleteFrom("log_head").execute();
}

async function ownTables({ tables }: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(relname) as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r' order by 1`.execute(
    tables,
  );
  return rows.map(({ name }) => name).filter((name) => !OWN_TABLES.includes(name));
}

async function queueNames({ tables }: Database): Promise<readonly string[]> {
  const { rows } = await sql<{
    there: boolean;
  }>`select to_regclass(${JOBS}) is not null as there`.execute(tables);
  if (!rows[0]!.there) return [];
  const queues = await sql<{ name: string }>`select distinct name from ${sql.table(JOBS)}`.execute(
    tables,
  );
  return queues.rows.map(({ name }) => name);
}

function notEmpty(): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", { detail: "the target is not empty" });
}

/** Without user and password. */
function nameOf(url: string): string {
  if (!URL.canParse(url))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the target is no URL" });
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
