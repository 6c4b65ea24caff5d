import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { PrivacyError } from "@miniprivacy/core/errors";
import { keysFromFolder } from "../key/key-folder.ts";
import { createKeys } from "../key/keys.ts";
import type { Database } from "./database.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { unpreparedOn } from "./prepared-statement.ts";
import { migrate } from "./migrations.ts";
import type { Tables } from "./tables.ts";

/**
 * Opens the embedded database: PostgreSQL compiled to WebAssembly, in one folder, for one process.
 *
 * It survives a crash of the process; what a power cut costs is what the file system had not yet written.
 *
 * @param dir Folder for data and keys, made when missing; without it everything stays in memory.
 * @throws PrivacyError `ERR_DATABASE_LOCKED` when another living process holds the folder for 30 seconds.
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the optional package `@electric-sql/pglite` is not installed.
 */
export async function embeddedDatabase(dir?: string): Promise<Database> {
  const { PGlite, createPgConfig } = await importEmbedded();
  const lock = dir === undefined ? undefined : await lockOwnFolder(dir);
  const pglite = dir === undefined ? new PGlite() : new PGlite(join(dir, "database"));
  await pglite.waitReady;
  const pool = new pg.Pool(createPgConfig(pglite));
  // A connection that breaks must not end the process.
  pool.on("error", () => {});
  const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await dropUsedLogSegments(tables);
  await migrate(tables);
  return {
    kind: "embedded",
    tables,
    prepared: unpreparedOn(tables),
    keys:
      dir === undefined
        ? await createKeys()
        : await keysFromFolder(join(dir, "keys"), { create: true }),
    async close() {
      await tables.destroy();
      await pglite.close();
      await lock?.release();
    },
  };
}

/** Two processes on one folder would ruin it. */
async function lockOwnFolder(dir: string): Promise<FolderLock> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return lockFolder(dir);
}

/** Used write-ahead segments are removed instead of renamed for reuse: erased rows do not live on in them. */
async function dropUsedLogSegments(tables: Kysely<Tables>): Promise<void> {
  await sql`set wal_recycle = off`.execute(tables);
}

async function importEmbedded() {
  try {
    const [{ PGlite }, { createPgConfig }] = await Promise.all([
      import("@electric-sql/pglite"),
      import("@electric-sql/pglite/node-postgres"),
    ]);
    return { PGlite, createPgConfig };
  } catch (cause) {
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "install @electric-sql/pglite", cause });
  }
}
