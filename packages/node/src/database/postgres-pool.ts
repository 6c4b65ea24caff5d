import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import { reachServer } from "./connection-fault.ts";
import { connectionTo } from "./postgres-connection.ts";

/** How long a statement may take: after that its connection counts as hung. */
const STATEMENT_MS = 30_000;
/** What works on a whole table takes what it takes. */
const WHOLE_TABLE = /^\s*(?:vacuum|create|alter)\b/i;
const WHOLE_TABLE_MS = 86_400_000;
/** What begins like this is kept prepared by each connection under that name, in transactions too. */
const PREPARED = /^-- prepared as (\S+)\n/;

/** Opens the connections to a server that a process shares. */
export function openPool(
  url: string,
  {
    poolSize,
    statementMs = STATEMENT_MS,
    idleMs,
  }: {
    readonly poolSize: number;
    readonly statementMs?: number;
    /** When a connection that is not used is ended, if not at the end of the pool. */
    readonly idleMs?: number;
  },
): pg.Pool {
  const pool = new pg.Pool({
    ...connectionTo(url),
    max: poolSize,
    query_timeout: statementMs,
    ...(idleMs !== undefined && { idleTimeoutMillis: idleMs, allowExitOnIdle: true }),
  });
  // A connection that breaks is replaced at the next query; without listeners, idle or in use, it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    client.on("error", () => {});
    // Every query of ours looks up by key: planning it anew for each value costs more than the query.
    client.query("set plan_cache_mode = force_generic_plan").catch(() => {});
  });
  return pool;
}

/** The pool as Kysely uses it. A connection with a fault is ended, not used again: it may hang. */
export function reachable(pool: pg.Pool): PostgresPool {
  return {
    async connect() {
      const client = await reachServer(() => pool.connect());
      let lost = false;
      const guarded = {
        query: (text: string, values: unknown[]) =>
          reachServer(
            () => client.query(statement(text, values)),
            () => {
              lost = true;
              client.end().catch(() => {});
            },
          ),
        release: () => client.release(lost),
      };
      // Kysely's type has cursors too, which nobody asks for.
      return guarded as unknown as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}

function statement(text: string, values: unknown[]): pg.QueryConfig {
  const name = PREPARED.exec(text)?.[1];
  return {
    text,
    values,
    ...(name !== undefined && { name }),
    ...(WHOLE_TABLE.test(text) && { query_timeout: WHOLE_TABLE_MS }),
  };
}
