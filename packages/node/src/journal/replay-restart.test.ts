import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyDatabase } from "../database/copy-database.ts";
import type { Database } from "../database/database.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { postgresDatabase } from "../database/postgres-database.ts";
import { createServerDatabase } from "../database/server-database.fixture.ts";
import { initKeyFolder, keysFromFolder } from "../key/key-folder.ts";
import { recomputeLog } from "../log/recompute-log.ts";
import { openFixture, policy, row } from "../privacy.fixture.ts";
import { fileJournal } from "./file-journal.ts";
import { createReplay } from "./replay.ts";

const own = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
/** Replays until it is killed: when some leaves are back, or in the transaction of the second erasure. */
const PROGRAM = `
  import { embeddedDatabase, fileJournal, keysFromFolder, postgresDatabase } from "@miniprivacy/node";
  import { createReplay } from ${own("./replay.ts")};
  import { policy } from ${own("../privacy.fixture.ts")};
  const [point, root, place] = process.argv.slice(1);
  const keys = await keysFromFolder(root + "/keys");
  const database = place.startsWith("postgres:") ? await postgresDatabase(place) : await embeddedDatabase(place, { keys });
  const die = () => process.kill(process.pid, "SIGKILL");
  const journal = fileJournal(root + "/journal");
  let reads = 0;
  async function* read() {
    let leaves = 0;
    const first = reads++ === 0;
    for await (const record of journal.read()) {
      yield record;
      if (point === "leaves" && !first && record.type === "leaves" && ++leaves === 4) die();
    }
  }
  let asked = 0;
  const now = () => {
    if (point === "erasures" && ++asked === 5) die();
    return Date.now();
  };
  const replay = createReplay({ database, keys, policy, now }, { ...journal, read });
  for (;;) await replay.advance({ actor: "tester", beginJournal: false });
`;

let root: string;
const drops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replay-restart-"));
  await initKeyFolder(join(root, "keys"));
});
afterAll(async () => {
  for (const drop of drops) await drop();
  await rm(root, { recursive: true });
});

const server = process.env["TEST_DATABASE"];

async function newPlace(): Promise<string> {
  if (server === undefined) return join(root, "data");
  const { url, drop } = await createServerDatabase(server);
  drops.push(drop);
  return url;
}

async function openPlace(place: string): Promise<Database> {
  const keys = await keysFromFolder(join(root, "keys"));
  return server === undefined
    ? embeddedDatabase(place, { keys })
    : { ...(await postgresDatabase(place, { wal: { keptDays: 0 } })), keys };
}

/** @returns Where the backup is. */
async function backUp(place: string): Promise<string> {
  if (server === undefined) {
    await cp(place, `${place}-backup`, { recursive: true });
    return `${place}-backup`;
  }
  const copy = await newPlace();
  const [from, to] = [await openPlace(place), await openPlace(copy)];
  await copyDatabase(from, to);
  await from.close();
  await to.close();
  return copy;
}

async function killAt(point: string, place: string): Promise<void> {
  const args = ["--import", "tsx", "--conditions", "@miniprivacy/source", "--input-type=module"];
  const child = spawn(process.execPath, [...args, "-e", PROGRAM, point, root, place], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
}

const PEOPLE = ["lin", "mei", "wang"];

it("Requirement PIPL-47: a replay that is killed wherever is finished by the next, each erasure once and with its numbers", async () => {
  const journal = fileJournal(join(root, "journal"));
  const place = await newPlace();
  const options = { journal, backups: { keepDays: 30 } } as const;
  const before = await openFixture(await openPlace(place), options);
  for (const person of PEOPLE) await before.give(person, "delivery");
  await before.give("stays", "delivery");
  await before.privacy.close();
  const backup = await backUp(place);
  const later = await openFixture(await openPlace(place), options);
  const tokens = new Map<string, { readonly id: string; readonly token: string }>();
  for (const person of PEOPLE) {
    later.store.rows.push(row(person));
    const { body } = await later.call("POST", "/requests", { as: person, body: { kind: "erase" } });
    tokens.set(person, { id: String(body["id"]), token: String(body["requestToken"]) });
    await later.privacy.idle();
  }
  await later.privacy.close();

  await killAt("leaves", backup);
  await killAt("erasures", backup);
  const restored = await openPlace(backup);
  const keys = restored.keys!;
  expect(await restored.tables.selectFrom("log_replay").selectAll().execute()).toHaveLength(1);
  const { advance } = createReplay({ database: restored, keys, policy, now: Date.now }, journal);
  let status = await advance({ actor: "tester", beginJournal: false });
  while (status.state === "running")
    status = await advance({ actor: "tester", beginJournal: false });
  expect(status).toMatchObject({ state: "done", erasures: 3, unresolved: [] });
  await recomputeLog(restored.tables);
  const after = await openFixture(restored, options);
  await after.privacy.idle();
  for (const [person, { id, token }] of tokens) {
    const headers = { "x-request-token": token };
    const { body } = await after.call("GET", `/requests/${id}`, { headers });
    const erased = { countBefore: 1, countAfter: 0 };
    expect(body).toMatchObject({ state: "partly-fulfilled", outcomes: [erased, erased, erased] });
    expect((await after.call("GET", "/consents", { as: person })).text).not.toContain('"given"');
  }
  expect((await after.call("GET", "/consents", { as: "stays" })).text).toContain('"given"');
  await after.privacy.close();
});
