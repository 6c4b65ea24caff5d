import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import pg from "pg";

/** A database of its own on a server, for one test or one file of them. */
export interface ServerDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export async function createServerDatabase(server: string): Promise<ServerDatabase> {
  const name = `miniprivacy_test_${randomBytes(6).toString("hex")}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => drop(server, name) };
}

/**
 * Drops a database once nobody is connected, or after five seconds all the same. A pool that was ended is still saying
 * goodbye: a connection that is cut then fails where no test hears it.
 */
async function drop(server: string, name: string): Promise<void> {
  for (let tries = 0; tries < 250 && (await isInUse(server, name)); tries++) await setTimeout(20);
  await onServer(server, `drop database ${name} with (force)`);
}

async function isInUse(server: string, name: string): Promise<boolean> {
  const { rowCount } = await onServer(
    server,
    `select from pg_stat_activity where datname = '${name}'`,
  );
  return rowCount !== 0;
}

async function onServer(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}
