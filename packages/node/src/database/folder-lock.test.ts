import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockFolder } from "./folder-lock.ts";

let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "folder-lock-"));
});
afterAll(() => rm(root, { recursive: true }));

async function folder(name = `f${count++}`): Promise<string> {
  const dir = join(root, name);
  await mkdir(dir, { recursive: true });
  return dir;
}

const HOLDER = `
  import { lockFolder } from ${JSON.stringify(new URL("./folder-lock.ts", import.meta.url).href)};
  await lockFolder(process.argv[1]);
  console.log("held");
  setInterval(() => {}, 1000);
`;
/** A process of its own that holds the folder until it is killed. */
async function holder(dir: string) {
  const args = [
    "--import",
    "tsx",
    "--conditions",
    "@miniprivacy/source",
    "--input-type=module",
    "-e",
    HOLDER,
    dir,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return {
    child,
    async kill(): Promise<void> {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

describe("lockFolder", () => {
  it("lets one in, and the next when it is released", async () => {
    const dir = await folder();
    const first = await lockFolder(dir);
    const second = lockFolder(dir);
    const early = await Promise.race([
      second,
      new Promise((resolve) => setTimeout(resolve, 250, "waiting")),
    ]);
    expect(early).toBe("waiting");
    await first.release();
    await (await second).release();
  });

  it("says so when a living process keeps it, a stopped one included", async () => {
    const dir = await folder();
    const { child, kill } = await holder(dir);
    await expect(lockFolder(dir, 200)).rejects.toMatchObject({ code: "ERR_DATABASE_LOCKED" });
    child.kill("SIGSTOP");
    await expect(lockFolder(dir, 200)).rejects.toMatchObject({ code: "ERR_DATABASE_LOCKED" });
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
  });

  it("is not held up by a takeover that died half-way", async () => {
    const dir = await folder();
    await (await holder(dir)).kill();
    await mkdir(join(dir, "takeover"));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(dir, "takeover"), longAgo, longAgo);
    const lock = await lockFolder(dir, 2_000);
    expect(await readdir(dir)).toEqual(["lock.sock"]);
    await lock.release();
  });

  it("works in folders with long names, each for itself", async () => {
    const [one, two] = [await folder("x".repeat(120)), await folder(`${"x".repeat(119)}y`)];
    const [first, second] = [await lockFolder(one, 200), await lockFolder(two, 200)];
    await expect(lockFolder(one, 100)).rejects.toMatchObject({ code: "ERR_DATABASE_LOCKED" });
    await Promise.all([first.release(), second.release()]);
  });
});
