import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import mysql from "mysql2/promise";
import { freePort } from "./free-port.ts";

/** A MariaDB server of a test's own, on a free port, that can be killed. */
export interface KillableMariadb {
  /** Of a database on it that is there. */
  readonly url: string;
  /** Starts it, and waits until it lets somebody in. */
  start(): Promise<void>;
  /** Ends it at once, as a power switch would end a process. */
  kill(): Promise<void>;
  /** Ends it and takes its data away. */
  remove(): Promise<void>;
}

const PROGRAM = "/usr/sbin/mariadbd";

/** Why there is none on this machine; undefined where there is. In CI there is no excuse. */
export function mariadbProgramMissing(): string | undefined {
  if (existsSync(PROGRAM)) return undefined;
  if (process.env["CI"] === "true") throw new Error("CI needs mariadbd");
  return "no mariadbd on this machine";
}

export async function createMariadb(): Promise<KillableMariadb> {
  const dir = await mkdtemp(join(tmpdir(), "mariadb-"));
  const data = join(dir, "data");
  const common = ["--no-defaults", `--user=${userInfo().username}`, `--datadir=${data}`];
  const install = [...common, "--auth-root-authentication-method=normal", "--skip-test-db"];
  execFileSync("mariadb-install-db", install, { stdio: "ignore" });
  const port = await freePort();
  const server = `mysql://root@127.0.0.1:${port}`;
  let running: ChildProcess | undefined;

  async function kill(): Promise<void> {
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    running.kill("SIGKILL");
    await exited;
  }

  return {
    url: `${server}/shop`,
    async start() {
      const own = [`--socket=${join(dir, "socket")}`, "--bind-address=127.0.0.1"];
      running = spawn(PROGRAM, [...common, ...own, `--port=${port}`], { stdio: "ignore" });
      while (!(await makesShop(server))) {
        if (running.exitCode !== null) throw new Error("mariadbd ended");
        await sleep(50);
      }
    },
    kill,
    async remove() {
      await kill();
      await rm(dir, { recursive: true });
    },
  };
}

async function makesShop(uri: string): Promise<boolean> {
  try {
    const connection = await mysql.createConnection({ uri });
    await connection.query("create database if not exists shop character set utf8mb4");
    await connection.end();
    return true;
  } catch {
    return false;
  }
}
