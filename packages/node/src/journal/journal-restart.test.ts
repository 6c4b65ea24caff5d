import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createServerDatabase } from "../database/server-database.fixture.ts";
import { initKeyFolder } from "../key/key-folder.ts";
import { openFixture } from "../privacy.fixture.ts";
import { storeFromEnvironment } from "../environment.ts";
import { fileJournal } from "./file-journal.ts";

const own = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
/** Gives consents until it is told to stop; with the last of them acknowledged it dies as a process that is killed. */
const PROGRAM = `
  import { openFixture } from ${own("../privacy.fixture.ts")};
  import { storeFromEnvironment } from ${own("../environment.ts")};
  const { database, keys, journal } = await storeFromEnvironment();
  const shop = await openFixture({ ...database, keys }, { journal });
  const [first, ...others] = process.argv.slice(1);
  if ((await shop.give(first, "delivery")).status !== 201) process.exit(1);
  if (others.length > 0) while ((await journal.position()).size < 2) await new Promise((then) => setTimeout(then, 20));
  for (const other of others) if ((await shop.give(other, "delivery")).status !== 201) process.exit(1);
  process.kill(process.pid, "SIGKILL");
`;

let root: string;
const drops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "journal-restart-"));
});
afterAll(async () => {
  for (const drop of drops) await drop();
  await rm(root, { recursive: true });
});

/** A deployment's environment: on the server that `TEST_DATABASE` names, or embedded. */
async function newEnvironment(): Promise<{ readonly [name: string]: string }> {
  const own = {
    MINIPRIVACY_KEYS: join(root, "keys"),
    MINIPRIVACY_JOURNAL: join(root, "journal"),
  };
  await initKeyFolder(own.MINIPRIVACY_KEYS);
  const server = process.env["TEST_DATABASE"];
  if (server === undefined)
    return { ...own, DATABASE_URL: "", MINIPRIVACY_DATA: join(root, "data") };
  const { url, drop } = await createServerDatabase(server);
  drops.push(drop);
  return { ...own, DATABASE_URL: url };
}

async function untilKilled(
  environment: { readonly [name: string]: string },
  people: readonly string[],
): Promise<void> {
  const args = ["--import", "tsx", "--conditions", "@miniprivacy/source", "--input-type=module"];
  const child = spawn(process.execPath, [...args, "-e", PROGRAM, ...people], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...environment },
  });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
}

it("a deployment that is killed before its first or its latest leaves reach the journal serves again", async () => {
  const environment = await newEnvironment();
  const journal = fileJournal(environment["MINIPRIVACY_JOURNAL"]!);
  await untilKilled(environment, ["a"]);
  expect(await journal.position()).toEqual({ begun: true, size: 0 });
  await untilKilled(environment, ["b", "c", "d"]);
  expect((await journal.position()).size).toBeLessThan(4);

  const before = { ...process.env };
  Object.assign(process.env, environment);
  const { database, keys } = await storeFromEnvironment();
  process.env = before;
  const shop = await openFixture({ ...database, keys: keys! }, { journal });
  expect((await shop.call("GET", "/health")).body).toEqual({ status: "ok" });
  for (const as of ["a", "b", "c", "d"])
    expect((await shop.call("GET", "/consents", { as })).text).toContain('"given"');
  await expect.poll(async () => (await journal.position()).size, { timeout: 5000 }).toBe(4);
  await shop.privacy.close();
});
