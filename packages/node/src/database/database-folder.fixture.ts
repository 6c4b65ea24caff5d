import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { initKeyFolder } from "../key/key-folder.ts";
import { emptyDataDir } from "../testing/memory-database.ts";

/**
 * Puts into a folder what `embeddedDatabase` makes of a new one: an empty database and its keys. Making one takes
 * seconds, this a copy's time.
 */
export async function fillDatabaseFolder(dir: string): Promise<void> {
  const dataDir = join(dir, "database");
  await mkdir(dataDir, { recursive: true });
  await unpack(await emptyDataDir(), dataDir);
  await initKeyFolder(join(dir, "keys"));
}

async function unpack(archive: Blob, dir: string): Promise<void> {
  const tar = spawn("tar", ["-x", "-C", dir], { stdio: ["pipe", "ignore", "ignore"] });
  const ended = once(tar, "close");
  tar.stdin.end(Buffer.from(await archive.arrayBuffer()));
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error("tar could not unpack the database");
}
