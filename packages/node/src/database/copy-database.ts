import { sql } from "kysely";
import { PrivacyError } from "@miniprivacy/core/errors";
import { installQueue, QUEUE_SCHEMA } from "../queue/job-queue.ts";
import type { Database, Unit } from "./database.ts";
import { copyTable, tableShape } from "./table-copy.ts";

export interface CopyOptions {
  /** Told how far each table is. */
  readonly onRows?: (table: string, rows: number) => void;
  /** Does what else belongs to it, as part of both transactions. */
  readonly finish?: (from: Unit, to: Unit) => Promise<void>;
}

/** Rows by table. */
export type CopiedTables = { readonly [table: string]: number };

/** Both sides write these while they make their tables. */
export const MADE_WITH_TABLES: readonly string[] = ["migration", "migration_lock"];
const JOBS = `${QUEUE_SCHEMA}.job`;

/**
 * Copies every row into an empty database, the log and the jobs that are not done too, in one transaction.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the target is not empty.
 */
export async function copyDatabase(
  source: Database,
  target: Database,
  { onRows = () => {}, finish = async () => {} }: CopyOptions = {},
): Promise<CopiedTables> {
  const queues = await queueNames(source);
  for (const queue of queues) await installQueue(target, queue);
  const names = [...(await ownTables(source)), ...(queues.length > 0 ? [JOBS] : [])];
  // One state of the source, whoever writes meanwhile.
  const reading = source.tables.transaction().setIsolationLevel("repeatable read");
  return reading.execute((from) =>
    target.tables.transaction().execute(async (to) => {
      await takeEmpty(to, names);
      const counts: [string, number][] = [];
      for (const name of names) {
        const shape = await tableShape(from, name);
        const rows = await copyTable(from, to, shape, (sofar) => onRows(name, sofar));
        counts.push([name, rows]);
      }
      await finish(from, to);
      return Object.fromEntries(counts);
    }),
  );
}

/** By the names SQL takes. */
export async function ownTables({ tables }: Pick<Database, "tables">): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(relname) as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r' order by 1`.execute(
    tables,
  );
  return rows.map(({ name }) => name).filter((name) => !MADE_WITH_TABLES.includes(name));
}

export function notEmpty(): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", { detail: "the target is not empty" });
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
