import type { Database } from "../database/database.ts";
import { openEmbedded } from "../database/embedded-database.ts";
import { createKeys } from "../key/keys.ts";

let template: Promise<Blob> | undefined;

/**
 * An empty database in memory, with keys of its own. The first of a process takes a second, each other about a third
 * of that: they are copies.
 */
export async function memoryDatabase(): Promise<Database> {
  template ??= makeTemplate();
  const database = await openEmbedded({ loadDataDir: await template });
  return { ...database, keys: await createKeys() };
}

async function makeTemplate(): Promise<Blob> {
  const database = await openEmbedded({});
  const dump = await database.pglite.dumpDataDir("none");
  await database.close();
  return dump;
}
