import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "./free-port.ts";

/** A PostgreSQL server of a test's own, on a free port, that can be killed. */
export interface PostgresCluster {
  readonly url: string;
  /** Starts it, and waits until it lets somebody in. */
  start(): Promise<void>;
  /** Ends it at once, as a power switch would end a process. */
  kill(): Promise<void>;
  /** Stops every process of it where it stands, as a stalled disk or a paused machine would. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Ends it and takes its data away. */
  remove(): Promise<void>;
}

const VERSIONS = "/usr/lib/postgresql";

/** Where initdb is; undefined where there is none. In CI there is no such excuse. */
export function clusterPrograms(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const found = versions
    .map((version) => join(VERSIONS, version, "bin"))
    .find((bin) => existsSync(join(bin, "initdb")));
  if (found === undefined && process.env["CI"] === "true") throw new Error("CI needs initdb");
  return found;
}

export async function createCluster(bin: string): Promise<PostgresCluster> {
  const dir = await mkdtemp(join(tmpdir(), "cluster-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const id = (which: string): number => Number(execFileSync("id", [which, "postgres"]));
    await chown(dir, id("-u"), id("-g"));
  }
  /** PostgreSQL refuses to run as root. */
  const asServer = (program: string, ...args: readonly string[]): readonly [string, string[]] => {
    const path = join(bin, program);
    return isRoot ? ["runuser", ["-u", "postgres", "--", path, ...args]] : [path, [...args]];
  };
  const data = join(dir, "data");
  const [initdb, initArgs] = asServer("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N");
  execFileSync(initdb, initArgs, { stdio: "ignore", cwd: dir });
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  async function postmaster(): Promise<number> {
    const [pid] = (await readFile(join(data, "postmaster.pid"), "utf8")).split("\n");
    return Number(pid);
  }

  async function signalAll(signal: NodeJS.Signals): Promise<void> {
    const pid = await postmaster();
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    const all = [pid, ...children.trim().split(" ").map(Number)];
    for (const one of all) signalIfThere(one, signal);
    // Who runs it for another user stops together with it, but does not go on by itself.
    if (signal === "SIGCONT") server?.kill(signal);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, "exit");
    process.kill(await postmaster(), signal);
    await exited;
  }

  return {
    url,
    async start() {
      for (;;) {
        const options = ["-D", data, "-p", String(port), "-k", dir, "-h", "127.0.0.1"];
        const [postgres, args] = asServer("postgres", ...options);
        server = spawn(postgres, args, { stdio: "ignore", cwd: dir });
        // What a killed one leaves running ends by itself; until then the next one does not start.
        while (server.exitCode === null) {
          if (await letsIn(url)) return;
          await sleep(50);
        }
      }
    },
    kill: () => end("SIGKILL"),
    freeze: () => signalAll("SIGSTOP"),
    thaw: () => signalAll("SIGCONT"),
    async remove() {
      await end("SIGQUIT");
      await rm(dir, { recursive: true });
    },
  };
}

/** A connection's process may have ended since it was listed. */
function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ESRCH") throw cause;
  }
}

async function letsIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
