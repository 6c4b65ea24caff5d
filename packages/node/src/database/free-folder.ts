import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isPrivacyError, PrivacyError } from "@miniprivacy/core/errors";
import type { Database } from "./database.ts";
import { openEmbedded } from "./embedded-database.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { requireNotMoved } from "./move-note.ts";

/**
 * Opens the database of a folder, without its keys. Unlike `embeddedDatabase` it never makes one and never waits.
 *
 * @param movedTo A database that the folder's may have been moved to (none).
 * @returns Undefined while a living process holds the folder.
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the folder holds no database, or it was moved elsewhere.
 */
export async function openFreeFolder(dir: string, movedTo?: string): Promise<Database | undefined> {
  await requireDatabaseIn(dir);
  const lock = await tryLock(dir);
  if (lock === undefined) return undefined;
  try {
    await requireNotMoved(dir, movedTo);
    const database = await openEmbedded({ dataDir: join(dir, "database") });
    return {
      ...database,
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

/** @throws PrivacyError `ERR_CONFIG_INVALID` when the folder holds no database. */
export async function requireDatabaseIn(dir: string): Promise<void> {
  if ((await stat(join(dir, "database", "PG_VERSION")).catch(() => undefined)) === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the folder holds no database" });
}

async function tryLock(dir: string): Promise<FolderLock | undefined> {
  try {
    return await lockFolder(dir, 0);
  } catch (cause) {
    if (isPrivacyError(cause) && cause.code === "ERR_DATABASE_LOCKED") return undefined;
    throw cause;
  }
}
