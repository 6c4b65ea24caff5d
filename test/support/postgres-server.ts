import pg from "pg";
import {
  createServerDatabase,
  type ServerDatabase,
} from "../../packages/node/src/database/server-database.fixture.ts";

const inCi = process.env["CI"] === "true";
const offered = process.env["TEST_POSTGRES_URL"];

/** The server the tests make databases of their own on. */
export const POSTGRES_URL = offered ?? "postgres://postgres@127.0.0.1:5432/postgres";

/**
 * Why tests on a real PostgreSQL do not run here; undefined where they do. Nobody's server is used unasked; in CI there
 * is no excuse.
 */
export async function postgresMissing(): Promise<string | undefined> {
  if (!inCi && offered === undefined) return "TEST_POSTGRES_URL names no PostgreSQL server";
  const client = new pg.Client({ connectionString: POSTGRES_URL, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (cause) {
    if (inCi) throw new Error("CI needs a PostgreSQL server", { cause });
    return "no PostgreSQL server at TEST_POSTGRES_URL";
  }
}

/** A database of its own for one test file. */
export const temporaryDatabase = (): Promise<ServerDatabase> => createServerDatabase(POSTGRES_URL);
