import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockFolder } from "./folder-lock.ts";

let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "folder-lock-"));
});
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(root, { recursive: true });
});

async function folder(name = `f${count++}`): Promise<string> {
  const dir = join(root, name);
  await mkdir(dir, { recursive: true });
  return dir;
}

/** Says when it has the folder, and finds out whether it is alone in it. */
const HOLDER = `
  import { open, rm } from "node:fs/promises";
  import { lockFolder } from ${JSON.stringify(new URL("./folder-lock.ts", import.meta.url).href)};
  process.stdin.once("data", async () => {
    const lock = await lockFolder(process.argv[1]);
    if (process.argv[2] !== undefined) {
      await (await open(process.argv[2], "wx")).close();
      await rm(process.argv[2]);
    }
    console.log("held");
    if (process.argv[2] !== undefined) process.exit();
    setInterval(() => {}, 1000);
  });
  console.log("ready");
`;
interface Holder {
  readonly child: ChildProcess;
  /** Lets it ask for the folder. */
  start(): void;
  line(): Promise<unknown>;
  kill(): Promise<void>;
}
/** A process of its own that holds the folder until it is killed. */
async function spawnProcess(...args: readonly string[]): Promise<Holder> {
  const node = ["--import", "tsx", "--conditions", "@miniprivacy/source", "--input-type=module"];
  const child = spawn(process.execPath, [...node, "-e", HOLDER, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const line = (): Promise<unknown> => once(child.stdout, "data");
  await line();
  return {
    child,
    line,
    start: () => void child.stdin.write("\n"),
    async kill() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
async function holder(dir: string): Promise<Holder> {
  const one = await spawnProcess(dir);
  const held = one.line();
  one.start();
  await held;
  return one;
}

const locked = { code: "ERR_DATABASE_LOCKED" };

describe("lockFolder", () => {
  it("lets one in, and the next when it is released", async () => {
    const dir = await folder();
    const first = await lockFolder(dir);
    const second = lockFolder(dir);
    await expect(lockFolder(dir, 250)).rejects.toMatchObject(locked);
    await first.release();
    await (await second).release();
    expect(await readdir(dir)).toEqual([]);
  });

  it("says so when a living process keeps it, a stopped one included", async () => {
    const dir = await folder();
    const { child, kill } = await holder(dir);
    await expect(lockFolder(dir, 200)).rejects.toMatchObject(locked);
    child.kill("SIGSTOP");
    await expect(lockFolder(dir, 200)).rejects.toMatchObject(locked);
    child.kill("SIGCONT");
    await kill();
  });

  it("takes the folder of a killed process without waiting, and only one taker does", async () => {
    const dir = await folder();
    await (await holder(dir)).kill();
    const takers = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(dir, 500)));
    const taken = takers.filter(({ status }) => status === "fulfilled");
    expect(taken).toHaveLength(1);
    for (const taker of takers) if (taker.status === "fulfilled") await taker.value.release();
    await (await lockFolder(dir, 0)).release();
  });

  it("has one process in it at a time when several start at once beside a dead one", async () => {
    const dir = await folder();
    const alone = join(root, `alone-${count++}`);
    await (await holder(dir)).kill();
    const starters = await Promise.all(Array.from({ length: 5 }, () => spawnProcess(dir, alone)));
    const ends = starters.map(({ child }) => once(child, "exit"));
    for (const { start } of starters) start();
    expect((await Promise.all(ends)).map(([code]) => code as unknown)).toEqual([0, 0, 0, 0, 0]);
  });

  it("is not held up by what killed processes left behind, whenever they were killed", async () => {
    const dir = await folder();
    const dead = await Promise.all([1, 2, 3].map(() => spawnProcess(dir)));
    const held = Promise.race(dead.map(({ line }) => line()));
    for (const { start } of dead) start();
    await held;
    for (const { kill } of dead) await kill();
    await writeFile(join(dir, "lock-0123456789abcdef.sock"), "no socket");
    await (await lockFolder(dir, 0)).release();
    expect((await readdir(dir)).filter((name) => name.startsWith("lock-"))).toEqual([]);
  });

  it("leaves one flag, that nobody else can reach, and no other file", async () => {
    const dir = await folder();
    const lock = await lockFolder(dir);
    const [flag, ...others] = await readdir(dir);
    expect(others).toEqual([]);
    expect((await stat(join(dir, flag!))).mode & 0o777).toBe(0o600);
    await lock.release();
  });

  it("counts a stopped holder as living when no more connections fit", async () => {
    const dir = await folder();
    const { child, kill } = await holder(dir);
    child.kill("SIGSTOP");
    const [flag] = await readdir(dir);
    const sockets: Socket[] = [];
    const fault = (): Promise<unknown> =>
      new Promise((resolve) => {
        const socket = connect(join(dir, flag!), () => resolve(undefined)).once("error", resolve);
        sockets.push(socket);
      });
    const faults = (await Promise.all(Array.from({ length: 1000 }, fault))).filter(Boolean);
    expect(faults.length).toBeGreaterThan(0);
    await expect(lockFolder(dir, 0)).rejects.toMatchObject(locked);
    for (const socket of sockets) socket.destroy();
    await kill();
  });

  it("knows a folder by another path, and one whose path is too long for a socket", async () => {
    const dir = await folder("x".repeat(120));
    const [near, far] = [join(root, "near"), await folder(`${"x".repeat(119)}y`)];
    await symlink(dir, near);
    const lock = await lockFolder(dir, 0);
    await expect(lockFolder(near, 0)).rejects.toMatchObject(locked);
    await expect(lockFolder(join(dir, "..", "x".repeat(120)), 0)).rejects.toMatchObject(locked);
    await (await lockFolder(far, 0)).release();
    await lock.release();
    const again = await lockFolder(near, 0);
    await expect(lockFolder(dir, 0)).rejects.toMatchObject(locked);
    await again.release();
  });

  it("holds a long path for processes that have other folders for temporary files", async () => {
    const dir = await folder("z".repeat(120));
    const one = await holder(dir);
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = await folder("tmp");
    try {
      await expect(lockFolder(dir, 0)).rejects.toMatchObject(locked);
      expect(await readdir(process.env["TMPDIR"])).toEqual([]);
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
    }
    await one.kill();
  });
});
