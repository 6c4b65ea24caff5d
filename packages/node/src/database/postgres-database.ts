import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Database } from "./database.ts";
import { preparedOn } from "./prepared-statement.ts";
import { migrate } from "./migrations.ts";
import type { Tables } from "./tables.ts";

export interface PostgresDatabaseOptions {
  /** Connections this process keeps at most (10). */
  readonly poolSize?: number;
}

/**
 * Opens MiniPrivacy's tables in a PostgreSQL database. Several processes may share it; they must bring the same keys.
 *
 * @param url `postgres://user@host/database`. Give MiniPrivacy a database of its own.
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when the server cannot be reached.
 */
export async function postgresDatabase(
  url: string,
  { poolSize = 10 }: PostgresDatabaseOptions = {},
): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: poolSize });
  // A connection that breaks while it lies idle is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => {});
  const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(tables);
  } catch (cause) {
    await tables.destroy();
    if (cause instanceof PrivacyError) throw cause;
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "PostgreSQL", cause });
  }
  return { kind: "postgres", tables, prepared: preparedOn(pool), close: () => tables.destroy() };
}
