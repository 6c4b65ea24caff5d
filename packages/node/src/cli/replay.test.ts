import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { fileJournal } from "../journal/file-journal.ts";
import type { Journal } from "../journal/journal.ts";
import { type Fixture, memoryStore, openFixture, order, policy, row } from "../privacy.fixture.ts";
import { type CommandOutcome, runCommand } from "./run-command.fixture.ts";

/** What no output may hold. */
const SUBJECT = "lin-13987650001";
const store = memoryStore();
const printed: string[] = [];
let dir: string;
let data: string;
let journal: Journal;
let snapshotAt: string;
let asked: { readonly id: string; readonly requestToken: string };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "replay-cli-"));
  data = join(dir, "data");
  journal = fileJournal(join(dir, "journal"));
  await writeFile(join(dir, "config.ts"), "export default () => globalThis.testConfig;");
  vi.stubGlobal("testConfig", {
    policy,
    records: [order],
    connectors: { shop: store.connector },
    journal,
    backups: { keepDays: 30 },
    authenticate: () => null,
  });
  const before = await open();
  store.rows = [row(SUBJECT), row("mei")];
  for (const person of [SUBJECT, "mei"]) await before.give(person, "delivery");
  await before.privacy.close();
  await cp(data, join(dir, "backup"), { recursive: true });
  const later = await open();
  snapshotAt = new Date(later.now()).toISOString();
  const { body } = await later.call("POST", "/requests", {
    as: SUBJECT,
    body: { kind: "erase" },
  });
  asked = body as unknown as typeof asked;
  await later.privacy.idle();
  await later.privacy.close();
  await restore();
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await rm(dir, { recursive: true });
});

const open = async (): Promise<Fixture> =>
  openFixture(await embeddedDatabase(data), { journal, store, backups: { keepDays: 30 } });

/** What an operator does with the folder's backup. */
async function restore(): Promise<void> {
  await rm(data, { recursive: true });
  await cp(join(dir, "backup"), data, { recursive: true });
}

async function run(...args: readonly string[]): Promise<CommandOutcome> {
  const place = ["--data", data, "--config", join(dir, "config.ts")];
  const outcome = await runCommand(...args, ...place);
  printed.push(outcome.stdout, outcome.stderr);
  return outcome;
}
async function json(code: number, ...args: readonly string[]): Promise<object> {
  const outcome = await run(...args, "--json");
  expect([outcome.code, outcome.stdout === "" ? outcome.stderr : ""]).toEqual([code, ""]);
  return JSON.parse(outcome.stdout) as object;
}

async function expectErased(shop: Fixture): Promise<void> {
  await shop.privacy.idle();
  expect((await shop.call("GET", "/health")).body).toEqual({ status: "ok" });
  expect((await shop.call("GET", "/consents", { as: SUBJECT })).text).not.toContain('"given"');
  expect((await shop.call("GET", "/consents", { as: "mei" })).text).toContain('"given"');
  const headers = { "x-request-token": asked.requestToken };
  const { body } = await shop.call("GET", `/requests/${asked.id}`, { headers });
  expect(body).toMatchObject({ state: "partly-fulfilled" });
}

describe("miniprivacy replay", () => {
  it("works in the process that answers 503, which then serves", async () => {
    const behind = await open();
    expect((await behind.call("GET", "/policy")).status).toBe(503);
    expect(await json(0, "replay", "--actor", "officer")).toMatchObject({
      state: "done",
      erasures: 1,
      unresolved: [],
    });
    await expect.poll(async () => (await behind.call("GET", "/policy")).status).toBe(200);
    await expectErased(behind);
    expect(await json(0, "replay")).toEqual({ state: "current" });
    expect(await behind.privacy.access.for("mei", "delivery")).toBeDefined();
    await behind.privacy.close();
    const again = await open();
    await expectErased(again);
    await again.privacy.close();
  });

  it("works where no process runs, with what the config says", async () => {
    await restore();
    const { code, stdout } = await run("replay");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /leaves put back, 1 erasures, 0 withdrawals and 0 demands repeated\ndone; a deployment that answered 503 serves in a moment\n$/,
      ),
    ]);
    const shop = await open();
    await expectErased(shop);
    await shop.privacy.close();
  });

  it("refuses an empty journal, and begins one where the database is said to be current", async () => {
    await restore();
    const config = globalThis as unknown as { testConfig: { journal: Journal } };
    const own = config.testConfig.journal;
    config.testConfig.journal = fileJournal(join(dir, "new-journal"));
    expect(await json(1, "replay")).toEqual({ state: "refused", reason: "journal-empty" });
    expect((await run("replay")).stdout).toContain("--begin-journal");
    expect(await json(0, "replay", "--begin-journal")).toMatchObject({ state: "done" });
    config.testConfig.journal = own;
  });
});

describe("miniprivacy replay --store", () => {
  it("erases again who was erased since the store's snapshot, and says how many, not whom", async () => {
    await restore();
    await run("replay");
    const shop = await open();
    await shop.privacy.idle();
    store.rows = [row(SUBJECT), row("mei")];
    const at = ["--store", "shop", "--snapshot-at", snapshotAt];
    const record = { record: "order", erased: 1, rows: 1, returned: 0, failed: 0, fault: null };
    expect(await json(0, "replay", ...at)).toEqual({ state: "done", records: [record] });
    expect(store.rows).toEqual([row("mei")]);
    expect((await run("replay", ...at)).stdout).toBe(
      "order  0 people erased again, 0 rows  0 came back since and were left alone  0 failed\n",
    );
    expect(await json(1, "replay", "--store", "none", "--snapshot-at", snapshotAt)).toEqual({
      state: "refused",
      reason: "no-store",
    });
    expect((await run("replay", "--store", "shop")).code).toBe(2);
    await shop.privacy.close();
  });
});

describe("miniprivacy erasure drill", () => {
  it("shows on a copy that an erased person stays erased, and changes nothing real", async () => {
    const shop = await open();
    await shop.privacy.idle();
    store.rows = [row("mei")];
    const state = async () => [
      await shop.database.tables.selectFrom("log_head").select("size").execute(),
      await shop.database.tables.selectFrom("subject").selectAll().execute(),
    ];
    const before = await state();
    const { size } = await journal.position();
    expect(await json(0, "erasure", "drill")).toEqual({
      state: "done",
      passed: true,
      checks: [
        "canary-found-before",
        "canary-erased",
        "canary-in-backup",
        "restored-database-refused",
        "replayed",
        "log-restored",
        "replayed-database-serves",
        "canary-gone-from-database",
        "canary-gone-from-store",
        "canary-not-named-in-journal",
      ].map((name) => ({ name, ok: true })),
    });
    expect(await state()).toEqual(before);
    expect((await journal.position()).size).toBe(size);
    expect(store.rows).toEqual([row("mei")]);
    await shop.privacy.close();
  });

  it("nothing that was printed names anybody", () => {
    expect(printed.length).toBeGreaterThan(0);
    expect(printed.join("")).not.toContain(SUBJECT);
  });
});
