import { randomBytes } from "node:crypto";
import { chmod, readdir, realpath, rename, rm, symlink } from "node:fs/promises";
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
/** A socket's path has room for about a hundred bytes. */
const LONGEST_SOCKET_PATH = 100;
const FLAG = /^lock-[0-9a-f]{16}\.sock$/;
const FLAG_LENGTH = "lock-0123456789abcdef.sock".length;

/**
 * Takes a folder for this process, for as long as it lives. Whoever wants it raises a flag there: a listening socket
 * with a name of its own. A dead process listens no more, so its folder is taken over at once. Of those who want it
 * the one whose name sorts first stays, the others step back; whoever stays waits for the flags that sort after.
 *
 * @param waitMs How long a living holder is waited for (30,000).
 * @throws PrivacyError `ERR_DATABASE_LOCKED` when the holder is still there after that; `ERR_CONFIG_INVALID` when the
 *   folder takes no sockets.
 * @see J. Burns, N. Lynch, Mutual Exclusion Using Indivisible Reads and Writes (1980)
 */
export async function lockFolder(dir: string, waitMs = 30_000): Promise<FolderLock> {
  const deadline = performance.now() + waitMs;
  const folder = await openFolder(dir);
  try {
    for (;;) {
      const flag = await tryLock(folder, deadline);
      if (flag !== undefined) return { release: () => lower(folder, flag) };
      if (performance.now() >= deadline) throw new PrivacyError("ERR_DATABASE_LOCKED");
      await sleep(POLL_MS);
    }
  } finally {
    await folder.close();
  }
}

interface Flag {
  readonly name: string;
  readonly server: Server;
}

/** A folder, and the path under which its sockets are reached. */
interface Folder {
  readonly dir: string;
  readonly short: string;
  close(): Promise<void>;
}

/** Raises a flag and looks around. Undefined, with the flag lowered, when another's turn is first or time is up. */
async function tryLock(folder: Folder, deadline: number): Promise<Flag | undefined> {
  const flag = await raise(folder);
  let held = false;
  try {
    if ((await livingFlags(folder)).some((name) => name < flag.name)) return undefined;
    while ((await livingFlags(folder)).some((name) => name > flag.name)) {
      if (performance.now() >= deadline) return undefined;
      await sleep(POLL_MS);
    }
    held = true;
    return flag;
  } finally {
    if (!held) await lower(folder, flag);
  }
}

/** A flag is seen only once it listens: seen before, it would pass for a dead one. */
async function raise({ dir, short }: Folder): Promise<Flag> {
  const id = randomBytes(8).toString("hex");
  const [hidden, name] = [`new-${id}.sock`, `lock-${id}.sock`];
  try {
    const server = await listen(join(short, hidden));
    await chmod(join(dir, hidden), 0o600);
    await rename(join(dir, hidden), join(dir, name));
    return { name, server };
  } catch (cause) {
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "the database folder takes no lock",
      cause,
    });
  }
}

async function lower({ dir }: Folder, { name, server }: Flag): Promise<void> {
  await rm(join(dir, name), { force: true });
  await new Promise((resolve) => server.close(resolve));
}

/** The flags of living processes. A dead one is taken away: its name never comes back. */
async function livingFlags({ dir, short }: Folder): Promise<readonly string[]> {
  const flags = (await readdir(dir)).filter((name) => FLAG.test(name));
  const living = await Promise.all(flags.map((name) => answers(join(short, name))));
  const dead = flags.filter((_name, i) => !living[i]);
  await Promise.all(dead.map((name) => rm(join(dir, name), { force: true })));
  return flags.filter((_name, i) => living[i]);
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen({ path }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Nobody listens, or the flag was just lowered: every other failure is a living process that lets nobody in. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT"),
    );
  });
}

/** Where the folder's path is too long for a socket's, a link stands for it while the lock is taken. */
async function openFolder(given: string): Promise<Folder> {
  const dir = await realpath(given);
  if (Buffer.byteLength(dir) + 1 + FLAG_LENGTH <= LONGEST_SOCKET_PATH)
    return { dir, short: dir, close: () => Promise.resolve() };
  const short = join(tmpdir(), `mp-${randomBytes(8).toString("hex")}`);
  await symlink(dir, short);
  return { dir, short, close: () => rm(short) };
}
