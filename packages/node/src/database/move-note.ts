import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";

/** Where the database of a folder has gone: left in the folder, so that nobody goes on with what stayed behind. */
export interface MoveNote {
  /** RFC 3339. */
  readonly movedAt: string;
  /** Who moved it. */
  readonly actor: string;
  /** Host, port and name of the new database, without user or password. */
  readonly to: string;
}

const FILE = "moved.json";

/** Durable when this resolves. */
export async function writeMoveNote(dir: string, note: MoveNote): Promise<void> {
  const aside = join(dir, `${FILE}.new`);
  const file = await open(aside, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(note)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, join(dir, FILE));
}

/**
 * @param except A database it may have been moved to: whether it came to that is for its tables to say.
 * @throws PrivacyError `ERR_CONFIG_INVALID` naming the database that the folder's was moved to.
 */
export async function requireNotMoved(dir: string, except?: string): Promise<void> {
  const text = await readFile(join(dir, FILE), "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
  if (text === undefined) return;
  const { to } = JSON.parse(text) as MoveNote;
  if (to === except) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `the database was moved to ${to}` });
}
