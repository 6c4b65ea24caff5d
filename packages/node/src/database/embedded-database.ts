import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { PGlite, PGliteOptions } from "@electric-sql/pglite";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { PrivacyError } from "@miniprivacy/core/errors";
import { hasKeys, initKeyFolder, keysFromFolder } from "../key/key-folder.ts";
import { createKeys, type Keys } from "../key/keys.ts";
import type { Database } from "./database.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { requireNotMoved } from "./move-note.ts";
import { unpreparedOn } from "./prepared-statement.ts";
import { migrate } from "./migrations.ts";
import type { Tables } from "./tables.ts";

export interface EmbeddedDatabaseOptions {
  /** Keys that are kept elsewhere (those in the folder's own `keys`, made together with the database). */
  readonly keys?: Keys;
}

/**
 * Opens the embedded database: PostgreSQL compiled to WebAssembly, in one folder, for one process.
 *
 * It survives a crash of the process; what a power cut costs is what the file system had not yet written.
 *
 * @param dir Folder for data and keys, made when missing; without it everything stays in memory.
 * @throws PrivacyError `ERR_DATABASE_LOCKED` when another living process holds the folder for 30 seconds.
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the optional package `@electric-sql/pglite` is not installed, a key of
 *   a database that is there already is not, or the database was moved elsewhere.
 */
export async function embeddedDatabase(
  dir?: string,
  options: EmbeddedDatabaseOptions = {},
): Promise<Database> {
  if (dir === undefined) {
    return { ...(await openEmbedded({})), keys: options.keys ?? (await createKeys()) };
  }
  const lock = await lockOwnFolder(dir);
  try {
    const dataDir = join(dir, "database");
    const keys = options.keys ?? (await ownKeys(join(dir, "keys"), dataDir));
    const database = await openEmbedded({ dataDir });
    return {
      ...database,
      folder: resolve(dir),
      keys,
      async close() {
        await database.close();
        await lock.release();
      },
    };
  } catch (cause) {
    await lock.release();
    throw cause;
  }
}

/** Keys are made for a database that is not there yet; beside one that is, new keys would cut every person's link. */
async function ownKeys(dir: string, dataDir: string): Promise<Keys> {
  return (await isThere(dataDir)) || (await hasKeys(dir))
    ? keysFromFolder(dir)
    : initKeyFolder(dir);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Opens and migrates an embedded database without keys or lock. */
export async function openEmbedded(
  options: PGliteOptions,
): Promise<Database & { readonly pglite: PGlite }> {
  const { PGlite, createPgConfig } = await importEmbedded();
  const pglite = await PGlite.create(options);
  const pool = new pg.Pool(createPgConfig(pglite));
  // A connection that breaks must not end the process.
  pool.on("error", () => {});
  const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await dropUsedLogSegments(tables);
  await migrate(tables);
  return {
    kind: "embedded",
    wal: "dropped",
    tables,
    prepared: unpreparedOn(tables),
    pglite,
    async close() {
      await tables.destroy();
      await pglite.close();
    },
  };
}

/** Two processes on one folder would ruin it. */
async function lockOwnFolder(dir: string): Promise<FolderLock> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dir);
  try {
    await requireNotMoved(dir);
    return lock;
  } catch (cause) {
    await lock.release();
    throw cause;
  }
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
