import { PrivacyError } from "@miniprivacy/core/errors";
import { ask, type QueryPool } from "./query-pool.ts";

/**
 * Moves the server's log on and drops what it left behind, so that what was deleted up to now is in no segment.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` where the server keeps or passes on used segments; `ERR_STORE_UNAVAILABLE` when
 *   one is still there afterwards.
 */
export async function endLogSegment(pool: QueryPool): Promise<void> {
  await requireNoKeptSegments(pool);
  const [at] = await ask(pool, "select pg_walfile_name(pg_current_wal_insert_lsn()) as segment");
  await ask(pool, "checkpoint");
  await ask(pool, "select pg_switch_wal()");
  await ask(pool, "checkpoint");
  // A segment of a later name would be a used one, renamed to be written over.
  const left = await ask(
    pool,
    `select name from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'
      and (substr(name, 9) <= substr($1, 9) or name <> pg_walfile_name(pg_current_wal_insert_lsn()))`,
    [at?.["segment"]],
  );
  if (left.length > 0)
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "a used log segment is still kept" });
}

async function requireNoKeptSegments(pool: QueryPool): Promise<void> {
  const [settings] = await ask(
    pool,
    `select current_setting('wal_recycle') = 'off' and current_setting('archive_mode') = 'off'
      and pg_size_bytes(current_setting('wal_keep_size')) = 0
      and not exists (select from pg_replication_slots) and not exists (select from pg_stat_replication) as dropped`,
  );
  if (settings?.["dropped"] !== true)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "wal: 'switch' needs wal_recycle = off, wal_keep_size = 0, no archive, no replicas",
    });
}
