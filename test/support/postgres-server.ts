import pg from "pg";
import {
  createServerDatabase,
  type ServerDatabase,
} from "../../packages/node/src/database/server-database.fixture.ts";

/** The server the tests make databases of their own on. */
export const POSTGRES_URL =
  process.env["TEST_POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** Why tests on a real PostgreSQL cannot run here; undefined where they can. In CI there is no such excuse. */
export async function postgresMissing(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: POSTGRES_URL, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (cause) {
    if (process.env["CI"] === "true") throw new Error("CI needs a PostgreSQL server", { cause });
    return "no PostgreSQL server on loopback";
  }
}

/** A database of its own for one test file. */
export const temporaryDatabase = (): Promise<ServerDatabase> => createServerDatabase(POSTGRES_URL);
