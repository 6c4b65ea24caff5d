import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { memoryDatabase } from "../testing/memory-database.ts";
import { askControl } from "./control-client.ts";
import type { ControlRequest } from "./control-command.ts";
import { type ControlServer, openControl } from "./control-server.ts";
import { CONTROL_SOCKET, MOST_REQUEST_BYTES } from "./control-socket.ts";

let root: string;
let database: Database;
const faults: unknown[] = [];
const STATUS: ControlRequest = { command: "log-status", actor: "lin", input: {} };
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "control-"));
  database = await memoryDatabase();
});
afterAll(async () => {
  await database.close();
  await rm(root, { recursive: true });
});

async function serve(folder: string, on: Database = database): Promise<ControlServer> {
  await mkdir(folder, { recursive: true });
  const deployment = { database: { ...on, folder }, journal: undefined };
  return openControl(deployment, (cause) => faults.push(cause));
}

/** Sends bytes as they are. */
function send(folder: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(join(folder, CONTROL_SOCKET), () => socket.end(text));
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

describe("a deployment's control socket", () => {
  it("carries commands out for its owner only, until it is closed", async () => {
    const folder = join(root, "one");
    const server = await serve(folder);
    expect((await stat(join(folder, CONTROL_SOCKET))).mode & 0o777).toBe(0o600);
    const both = await Promise.all([askControl(folder, STATUS), askControl(folder, STATUS)]);
    for (const one of both) expect(one).toMatchObject({ size: 0, checkpoint: null, journal: null });
    await server.close();
    expect(await readdir(folder)).toEqual([]);
    expect(await askControl(folder, STATUS)).toBeUndefined();
  });

  it("stands in a folder whose path is longer than a socket's may be", async () => {
    const folder = join(root, "a-long-name-".repeat(12));
    const server = await serve(folder);
    expect(await askControl(folder, STATUS)).toMatchObject({ size: 0 });
    await server.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes the place of what a killed process left", async () => {
    const folder = join(root, "stale");
    await mkdir(folder);
    await writeFile(join(folder, CONTROL_SOCKET), "");
    const server = await serve(folder);
    expect(await askControl(folder, STATUS)).toMatchObject({ size: 0 });
    await server.close();
  });

  it("refuses what is no command of its own, and tells nothing of it", async () => {
    const folder = join(root, "odd");
    const server = await serve(folder);
    const wrong = [
      "",
      "{",
      "null",
      JSON.stringify({ ...STATUS, command: "constructor" }),
      JSON.stringify({ ...STATUS, actor: "" }),
      JSON.stringify({ ...STATUS, more: 1 }),
      JSON.stringify({ ...STATUS, input: { phone: "13912345678" } }),
    ];
    for (const text of wrong)
      expect([text, await send(folder, text)]).toEqual([
        text,
        '{"done":false,"code":"ERR_INPUT_INVALID"}',
      ]);
    expect(await send(folder, " ".repeat(MOST_REQUEST_BYTES + 1))).toBe(
      '{"done":false,"code":"ERR_INPUT_TOO_LARGE"}',
    );
    expect(await askControl(folder, STATUS)).toMatchObject({ size: 0 });
    expect(faults).toEqual([]);
    await server.close();
  });

  it("tells a fault by its code only, and reports it where the deployment runs", async () => {
    const folder = join(root, "fault");
    const server = await serve(folder, { ...database, tables: undefined as never });
    await expect(askControl(folder, STATUS)).rejects.toMatchObject({ code: "ERR_INTERNAL" });
    expect(faults).toHaveLength(1);
    await server.close();
  });
});
