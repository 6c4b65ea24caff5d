import pg from "pg";
import { PrivacyError } from "@miniprivacy/core/errors";
import { QUEUE_SCHEMA } from "../queue/job-queue.ts";
import { connectionTo } from "./postgres-connection.ts";

/**
 * The names of the tables of a PostgreSQL database, those of our queue left out. Makes none, unlike `postgresDatabase`.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when the server cannot be reached.
 */
export async function postgresTables(url: string): Promise<readonly string[]> {
  const client = new pg.Client(connectionTo(url));
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(relname) as name
        from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where relkind in ('r', 'p') and nspname not in ('pg_catalog', 'information_schema', $1)
          and nspname not like 'pg\\_%'`,
      [QUEUE_SCHEMA],
    );
    return rows.map(({ name }) => name);
  } catch (cause) {
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "PostgreSQL", cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}
