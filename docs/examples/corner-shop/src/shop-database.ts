import { PGlite } from "@electric-sql/pglite";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import type { QueryPool } from "@miniprivacy/node";
import pg from "pg";

/** The shop's own database: what every shop has, here embedded so that nothing must be installed. */
export interface ShopDatabase {
  readonly pool: QueryPool;
  close(): Promise<void>;
}

export async function openShopDatabase(dir: string): Promise<ShopDatabase> {
  const pglite = new PGlite(dir);
  await pglite.waitReady;
  const pool = new pg.Pool(createPgConfig(pglite));
  pool.on("error", () => {});
  await pool.query("set wal_recycle = off");
  await pool.query(
    `create table if not exists orders (
      id text primary key, member_id text not null, item text not null, phone text not null, address text not null,
      allergy text, closed_at text)`,
  );
  await pool.query(
    "create table if not exists pickups (code text primary key, item text not null)",
  );
  await pool.query("create index if not exists orders_member on orders (member_id)");
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
