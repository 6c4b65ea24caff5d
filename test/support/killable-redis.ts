import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@redis/client";
import { freePort } from "./free-port.ts";

/** A Redis server of a test's own, on a free port, that writes nothing to disk unasked and can be killed. */
export interface KillableRedis {
  readonly url: string;
  /** Starts it, empty or with what `SAVE` has kept, and waits until it answers. */
  start(content?: "empty" | "saved"): Promise<void>;
  /** Ends it at once, with all it held. */
  kill(): Promise<void>;
  /** What the server answers. */
  send(...command: string[]): Promise<unknown>;
  /** Ends it and takes its folder away. */
  remove(): Promise<void>;
}

const PROGRAM = "/usr/bin/redis-server";

/** Why there is none on this machine; undefined where there is. In CI there is no excuse. */
export function redisProgramMissing(): string | undefined {
  if (existsSync(PROGRAM)) return undefined;
  if (process.env["CI"] === "true") throw new Error("CI needs redis-server");
  return "no redis-server on this machine";
}

export async function createRedis(): Promise<KillableRedis> {
  const dir = await mkdtemp(join(tmpdir(), "redis-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;

  async function send(...command: string[]): Promise<unknown> {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on("error", () => {});
    await client.connect();
    try {
      return await client.sendCommand(command);
    } finally {
      client.destroy();
    }
  }

  async function kill(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, "exit");
    server.kill("SIGKILL");
    await exited;
  }

  return {
    url,
    async start(content = "empty") {
      if (content === "empty") await rm(join(dir, "dump.rdb"), { force: true });
      const options = ["--bind", "127.0.0.1", "--port", `${port}`, "--save", "", "--dir", dir];
      server = spawn(PROGRAM, options, { stdio: "ignore" });
      while (!(await send("PING").catch(() => undefined))) {
        if (server.exitCode !== null) throw new Error("redis-server ended");
        await sleep(50);
      }
    },
    kill,
    send,
    async remove() {
      await kill();
      await rm(dir, { recursive: true });
    },
  };
}
