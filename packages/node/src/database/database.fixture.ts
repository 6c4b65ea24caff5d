import { randomBytes } from "node:crypto";
import pg from "pg";
import { createKeys } from "../key/keys.ts";
import type { Database } from "./database.ts";
import { embeddedDatabase } from "./embedded-database.ts";
import { postgresDatabase } from "./postgres-database.ts";

export interface TestDatabase extends Database {
  /** Where it is, when it is on a server. */
  readonly url?: string;
}

/** The same tests run on both databases: `TEST_DATABASE` names a PostgreSQL server's URL, or nothing for embedded. */
export async function openTestDatabase(
  options: { readonly poolSize?: number } = {},
): Promise<TestDatabase> {
  const server = process.env["TEST_DATABASE"];
  if (server === undefined) return embeddedDatabase();
  const name = `miniprivacy_test_${randomBytes(6).toString("hex")}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = await postgresDatabase(url.href, options);
  return {
    ...database,
    url: url.href,
    keys: await createKeys(),
    async close() {
      await database.close();
      await onServer(server, `drop database ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
