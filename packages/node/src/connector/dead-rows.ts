import { setTimeout as delay } from "node:timers/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import { ask, type QueryPool } from "./query-pool.ts";

/** Pauses before each attempt, milliseconds: short transactions of others end meanwhile. */
const PAUSES_MS = [0, 50, 200, 800];

/**
 * Clears the rows that were deleted up to now out of tables, their indexes, their out-of-line storage and the planner's
 * samples, and makes sure that they are: VACUUM itself says nothing when an older transaction still holds them, or when
 * the role may not vacuum.
 *
 * @param tables Quoted.
 * @param full Writes the tables anew, so that the bytes of deleted rows are in no page of them; they are locked meanwhile.
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` while they cannot be cleared.
 */
export async function clearDeadRows(
  pool: QueryPool,
  tables: readonly string[],
  full: boolean,
): Promise<void> {
  const [now] = await ask(pool, "select pg_current_xact_id()::xid::text as xid");
  const sampled = await sampledOf(pool, tables);
  const unsampled = tables.filter((table) => !sampled.includes(table));
  const options = full ? "full" : "freeze, index_cleanup on";
  for (const pause of PAUSES_MS) {
    await delay(pause);
    if (unsampled.length > 0) await ask(pool, `vacuum (${options}) ${unsampled.join(", ")}`);
    if (sampled.length > 0) await ask(pool, `vacuum (${options}, analyze) ${sampled.join(", ")}`);
    if (await areCleared(pool, tables, now?.["xid"])) return;
  }
  throw new PrivacyError("ERR_STORE_UNAVAILABLE", {
    detail: "deleted rows are held by an older transaction, or the role may not vacuum",
  });
}

/**
 * A vacuum that freezes all rows moves `relfrozenxid` to the oldest transaction anybody could still look back to. Past
 * the deleting transaction, none of its dead rows is left in any page.
 */
async function areCleared(
  pool: QueryPool,
  tables: readonly string[],
  xid: unknown,
): Promise<boolean> {
  const [row] = await ask(
    pool,
    `with recursive part(id) as (
      select unnest($1::regclass[])::oid union select inhrelid from pg_inherits join part on inhparent = id),
    stored as (
      select relkind, relfrozenxid from pg_class where oid in (select id from part)
      union all
      select relkind, relfrozenxid from pg_class
        where oid in (select reltoastrelid from pg_class where oid in (select id from part)))
    select bool_and(relkind = 'p' or age(relfrozenxid) < age($2::xid)) as cleared from stored`,
    [tables, xid],
  );
  return row?.["cleared"] === true;
}

/** Those tables of which the planner keeps sample values. */
async function sampledOf(pool: QueryPool, tables: readonly string[]): Promise<readonly string[]> {
  const rows = await ask(
    pool,
    `select name from unnest($1::text[]) as name where exists (
      select from pg_stats s join pg_namespace n on n.nspname = s.schemaname
        join pg_class c on c.relnamespace = n.oid and c.relname = s.tablename
        where c.oid = name::regclass)`,
    [tables],
  );
  return rows.map(({ name }) => name as string);
}
