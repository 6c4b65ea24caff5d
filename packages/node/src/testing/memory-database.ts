import type { Database } from "../database/database.ts";
import { openEmbedded } from "../database/embedded-database.ts";
import { createKeys } from "../key/keys.ts";

let template: Promise<Blob> | undefined;

/**
 * An empty database in memory, with keys of its own. The first of a process takes a second, each other about a third
 * of that: they are copies.
 */
export async function memoryDatabase(): Promise<Database> {
  const database = await openEmbedded({ loadDataDir: await emptyDataDir() });
  return { ...database, keys: await createKeys() };
}

/** The files of an empty database, migrated, as a tar archive. */
export function emptyDataDir(): Promise<Blob> {
  return (template ??= makeTemplate());
}

async function makeTemplate(): Promise<Blob> {
  const database = await openEmbedded({});
  // Nobody makes databases of these: a third of all files.
  for (const name of ["template0", "template1"]) {
    await database.pglite.query("update pg_database set datistemplate = false where datname = $1", [
      name,
    ]);
    await database.pglite.exec(`drop database ${name}`);
  }
  const dump = await database.pglite.dumpDataDir("none");
  await database.close();
  return dump;
}
