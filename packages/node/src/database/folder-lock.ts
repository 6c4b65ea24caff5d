import { createHash, randomUUID } from "node:crypto";
import { mkdir, realpath, rename, rm, stat } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PrivacyError } from "@miniprivacy/core/errors";

/** A folder held by this process. */
export interface FolderLock {
  release(): Promise<void>;
}

const POLL_MS = 100;
const TAKEOVER_STALE_MS = 10_000;
/** A socket's path has room for about a hundred bytes. */
const LONGEST_SOCKET_PATH = 100;

/**
 * Takes a folder for this process, for as long as it lives. The lock is a listening socket: a dead process listens no
 * more, so its folder is taken over at once.
 *
 * @param waitMs How long a living holder is waited for (30,000).
 * @throws PrivacyError `ERR_DATABASE_LOCKED` when the holder is still there after that.
 */
export async function lockFolder(dir: string, waitMs = 30_000): Promise<FolderLock> {
  const path = await socketPath(dir);
  for (let waited = 0; ; waited += POLL_MS) {
    const server = (await listen(path)) ?? (await takeOver(dir, path));
    if (server !== undefined) return { release: () => close(server) };
    if (waited >= waitMs) throw new PrivacyError("ERR_DATABASE_LOCKED");
    await sleep(POLL_MS);
  }
}

/** One process at a time looks whether the holder is dead, and then takes its place. */
async function takeOver(dir: string, path: string): Promise<Server | undefined> {
  if (await answers(path)) return undefined;
  const turn = join(dir, "takeover");
  if (!(await takeTurn(turn))) return undefined;
  try {
    if (await answers(path)) return undefined;
    await rm(path, { force: true });
    return await listen(path);
  } finally {
    await rm(turn, { recursive: true, force: true });
  }
}

async function takeTurn(turn: string): Promise<boolean> {
  try {
    await mkdir(turn);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    await dropStaleTurn(turn);
    return false;
  }
}

/** A turn older than any takeover was left by a process that died in it. */
async function dropStaleTurn(turn: string): Promise<void> {
  const taken = await stat(turn).catch(() => undefined);
  if (taken === undefined || Date.now() - taken.mtimeMs < TAKEOVER_STALE_MS) return;
  const aside = `${turn}-${randomUUID()}`;
  await rename(turn, aside).catch(() => undefined);
  await rm(aside, { recursive: true, force: true });
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error) =>
      codeOf(error) === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen({ path }, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

async function socketPath(dir: string): Promise<string> {
  const inside = join(await realpath(dir), "lock.sock");
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH) return inside;
  return join(
    tmpdir(),
    `miniprivacy-${createHash("sha256").update(inside).digest("hex").slice(0, 32)}.sock`,
  );
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}
