import { Kysely, PostgresDialect } from "kysely";
import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { Database } from "./database.ts";
import { listenOn } from "./postgres-notifications.ts";
import { openPool, reachable } from "./postgres-pool.ts";
import { preparedOn } from "./prepared-statement.ts";
import { migrate } from "./migrations.ts";
import type { Tables } from "./tables.ts";

export interface PostgresDatabaseOptions {
  /** Connections this process keeps at most (10). */
  readonly poolSize?: number;
  /**
   * How many days the server's write-ahead log, its archives and replicas keep rows that were erased (undeclared: unknown,
   * so no certificate says more than `partial`).
   */
  readonly wal?: { readonly keptDays: number };
}

/**
 * Opens MiniPrivacy's tables in a PostgreSQL database. Several processes may share it; they must bring the same keys.
 *
 * @param url `postgres://user@host/database`. Give MiniPrivacy a database of its own.
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when the server cannot be reached; `ERR_CONFIG_INVALID` for `wal.keptDays`
 *   that is no whole number of days.
 */
export async function postgresDatabase(
  url: string,
  { poolSize = 10, wal }: PostgresDatabaseOptions = {},
): Promise<Database> {
  if (wal !== undefined) requireKeepDays(wal.keptDays, "wal.keptDays");
  const pool = openPool(url, { poolSize });
  const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: reachable(pool) }) });
  try {
    await migrate(tables);
  } catch (cause) {
    await tables.destroy();
    if (cause instanceof PrivacyError) throw cause;
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "PostgreSQL", cause });
  }
  return {
    kind: "postgres",
    wal: wal ?? "undeclared",
    tables,
    prepared: preparedOn(pool),
    listen: (channel, hear) => listenOn(url, channel, hear),
    close: () => tables.destroy(),
  };
}
