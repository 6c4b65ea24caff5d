import { mkdir } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import type { QueryPool } from "@miniprivacy/node";
import pg from "pg";
import { POSTGRES_TABLES } from "./shop-tables.ts";

/** The shop's own database: what every shop has, here embedded so that nothing must be installed. */
export interface ShopDatabase {
  readonly pool: QueryPool;
  close(): Promise<void>;
}

export async function openShopDatabase(dir: string): Promise<ShopDatabase> {
  // Of the folders on the way to its own it makes none.
  if (!dir.startsWith("memory://")) await mkdir(dir, { recursive: true });
  const pglite = new PGlite(dir);
  await pglite.waitReady;
  const pool = new pg.Pool(createPgConfig(pglite));
  pool.on("error", () => {});
  await pool.query("set wal_recycle = off");
  for (const statement of POSTGRES_TABLES) await pool.query(statement);
  return {
    pool: { query: (text, values) => keepConnection(pool, text, values) },
    async close() {
      await pool.end();
      await pglite.close();
    },
  };
}

/** `pool.query` would give up the only connection there is at any error. */
async function keepConnection(
  pool: pg.Pool,
  text: string,
  values?: unknown[],
): Promise<pg.QueryResult> {
  const client = await pool.connect();
  try {
    return await client.query(text, values);
  } finally {
    client.release();
  }
}
