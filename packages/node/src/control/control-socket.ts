import { mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a process that holds a folder listens for commands, in that folder. */
export const CONTROL_SOCKET = "control.sock";
/** The most a request may take, bytes. */
export const MOST_REQUEST_BYTES = 4_194_304;
/** How long either side waits for the other. */
export const PATIENCE_MS = 30_000;

/** A socket's path has room for about a hundred bytes. */
const LONGEST_SOCKET_PATH = 100;

/** Reaches a socket of a folder whose path may be too long for one: through a link, for as long as it takes. */
export async function withSocketPath<Result>(
  dir: string,
  name: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = join(await realpath(dir), name);
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return use(path);
  const own = await mkdtemp(join(tmpdir(), "mp-"));
  try {
    await symlink(await realpath(dir), join(own, "d"));
    return await use(join(own, "d", name));
  } finally {
    await rm(own, { recursive: true });
  }
}
