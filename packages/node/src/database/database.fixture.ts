import { afterAll } from "vitest";
import { createKeys } from "../key/keys.ts";
import type { Database } from "./database.ts";
import { memoryDatabase } from "../testing/memory-database.ts";
import { createServerDatabase } from "./server-database.fixture.ts";
import { postgresDatabase, type PostgresDatabaseOptions } from "./postgres-database.ts";

export interface TestDatabase extends Database {
  /** Where it is, when it is on a server. */
  readonly url?: string;
}

/** The same tests run on both databases: `TEST_DATABASE` names a PostgreSQL server's URL, or nothing for embedded. */
export async function openTestDatabase(
  options: PostgresDatabaseOptions = {},
): Promise<TestDatabase> {
  const server = process.env["TEST_DATABASE"];
  if (server === undefined) return memoryDatabase();
  const { url, drop } = await createServerDatabase(server);
  const database = await postgresDatabase(url, { wal: { keptDays: 0 }, ...options });
  return {
    ...database,
    url,
    keys: await createKeys(),
    async close() {
      await database.close();
      await drop();
    },
  };
}

/**
 * One database for all that a file's tests open one after another, as a deployment that starts again finds it. Closing
 * what was opened leaves it there.
 */
export function keepTestDatabase(): () => Promise<TestDatabase> {
  let kept: Promise<TestDatabase> | undefined;
  afterAll(async () => (await kept)?.close());
  return async () => ({ ...(await (kept ??= openTestDatabase())), close: async () => {} });
}
