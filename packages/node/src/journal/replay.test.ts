import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCheckpoint, parseSignedNote } from "@miniprivacy/core/log";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyDatabase } from "../database/copy-database.ts";
import { openTestDatabase, type TestDatabase } from "../database/database.fixture.ts";
import type { Database } from "../database/database.ts";
import { createKeys } from "../key/keys.ts";
import { loadLogHead } from "../log/log-append.ts";
import { recomputeLog } from "../log/recompute-log.ts";
import {
  decision,
  type Fixture,
  memoryStore,
  openFixture,
  policy,
  row,
} from "../privacy.fixture.ts";
import { fileJournal } from "./file-journal.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import { createReplay, type ReplayStatus } from "./replay.ts";

let root: string;
const opened: TestDatabase[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replay-"));
});
afterAll(async () => {
  for (const database of opened) await database.close();
  await rm(root, { recursive: true });
});

let journals = 0;
const newJournal = (): Journal => fileJournal(join(root, String(journals++)));

/** Its deployments come and go, and it stays. */
async function newDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  opened.push(database);
  return { ...database, close: async () => {} };
}

/** A backup as it is found when it has been restored: everything as it was, under the same keys. */
async function backUp(database: Database): Promise<Database> {
  const copy = await newDatabase();
  await copyDatabase(database, copy);
  return { ...copy, keys: database.keys! };
}

async function replay(
  database: Database,
  journal: Journal,
  beginJournal = false,
): Promise<ReplayStatus> {
  const { advance } = createReplay(
    { database, keys: database.keys!, policy, now: Date.now },
    journal,
  );
  for (;;) {
    const status = await advance({ actor: "tester", beginJournal });
    if (status.state !== "running") return status;
  }
}

async function inJournal(shop: Fixture, journal: Journal): Promise<void> {
  const left = async (): Promise<number> => {
    const { size } = await loadLogHead(shop.database.tables);
    return size - (await journal.position()).size;
  };
  await expect.poll(left).toBe(0);
}

interface Asked {
  readonly id: string;
  readonly requestToken: string;
}

async function ask(shop: Fixture, as: string): Promise<Asked> {
  const { body } = await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
  return body as unknown as Asked;
}

async function look(shop: Fixture, { id, requestToken }: Asked) {
  const { body } = await shop.call("GET", `/requests/${id}`, {
    headers: { "x-request-token": requestToken },
  });
  return body;
}

async function consentOf(shop: Fixture, as: string): Promise<string> {
  return (await shop.call("GET", "/consents", { as })).text;
}

const health = async (shop: Fixture) => (await shop.call("GET", "/health")).body["status"];

const OUTCOMES = (rows: number) => [
  { store: "shop", record: "order", outcome: rows ? "verified-absent" : "not-found" },
  { store: "miniprivacy", record: "consent", outcome: "verified-absent" },
  { store: "miniprivacy", record: "subject", outcome: "verified-absent" },
];

describe("a database that is restored from a backup", () => {
  it("Requirement PIPL-47: has nothing of a person who was erased since, once it is replayed", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const before = await openFixture(database, { journal });
    before.store.rows.push(row("lin"), row("mei"));
    for (const person of ["lin", "mei"]) await before.give(person, "delivery");
    await inJournal(before, journal);
    const backup = await backUp(database);
    const asked = await ask(before, "lin");
    await before.give("later", "delivery");
    await before.privacy.idle();
    const outcomes = (await look(before, asked))["outcomes"];
    await before.privacy.close();
    const size = (await journal.position()).size;
    const notes: string[] = [];
    for await (const one of journal.read()) if (one.type === "checkpoint") notes.push(one.note);
    const newest = parseCheckpoint(parseSignedNote(notes.at(-1)!).text);

    const behind = await openFixture(backup, { journal });
    expect(await health(behind)).toBe("behind-journal");
    await behind.privacy.close();
    expect(await replay(backup, journal)).toMatchObject({
      state: "done",
      erasures: 1,
      unresolved: [],
    });
    const leaves = await backup.tables
      .selectFrom("log_leaf")
      .select("leaf_hash")
      .where("leaf_index", "<", newest.size)
      .execute();
    expect(leaves).toHaveLength(newest.size);
    expect(newest.size).toBe(size);

    const after = await openFixture(backup, { journal, store: before.store });
    expect(await health(after)).toBe("ok");
    await after.privacy.idle();
    expect(await consentOf(after, "lin")).not.toContain('"given"');
    expect(await consentOf(after, "mei")).toContain('"given"');
    // What she asked after the backup is known again, with what was seen then and a confirmation.
    const view = await look(after, asked);
    expect(view).toMatchObject({ state: "fulfilled", outcomes });
    expect(outcomes).toMatchObject(OUTCOMES(1));
    expect(view["certificateId"]).toBeTypeOf("string");
    const seals = await backup.tables.selectFrom("erasure_seal").selectAll().execute();
    expect(seals).toEqual([]);
    await recomputeLog(backup.tables);
    await inJournal(after, journal);
    await after.privacy.close();
    const again = await openFixture(backup, { journal });
    expect(await health(again)).toBe("ok");
    await again.privacy.close();
  });

  it("finishes an erasure that was open in the backup and done later, and touches no store for it", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const store = memoryStore();
    store.rows.push(row("lin"));
    let failing = true;
    let tries = 0;
    const { erase } = store.connector;
    const connector = {
      ...store.connector,
      erase(...of: Parameters<typeof erase>) {
        tries++;
        return failing ? Promise.reject(new Error("down")) : erase(...of);
      },
    };
    const before = await openFixture(database, { journal, connectors: { shop: connector } });
    await before.give("lin", "delivery");
    const asked = await ask(before, "lin");
    await expect.poll(() => tries).toBeGreaterThan(0);
    await inJournal(before, journal);
    const backup = await backUp(database);
    failing = false;
    await before.privacy.idle();
    await before.privacy.close();

    // She came back and ordered again: that is not what she asked to be erased.
    store.rows.push(row("lin", { id: "after-return" }));
    expect(await replay(backup, journal)).toMatchObject({ state: "done", erasures: 1 });
    const after = await openFixture(backup, { journal, store });
    await after.privacy.idle();
    expect(await look(after, asked)).toMatchObject({
      state: "fulfilled",
      outcomes: [
        { outcome: "verified-absent", countBefore: 1, countAfter: 0 },
        { outcome: "verified-absent", countBefore: 1, countAfter: 0 },
        { outcome: "verified-absent", countBefore: 1, countAfter: 0 },
      ],
    });
    expect(store.rows).toHaveLength(1);
    await after.privacy.close();
  });

  it("Requirement PIPL-15: does not turn into a yes what was withdrawn since", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const before = await openFixture(database, { journal });
    for (const person of ["lin", "mei"]) await before.give(person, "delivery");
    await before.give("lin", "marketing");
    await inJournal(before, journal);
    const backup = await backUp(database);
    expect((await before.call("DELETE", "/consents/marketing", { as: "lin" })).status).toBe(200);
    const refusal = decision({ purpose: "marketing", decision: "refused" });
    const body = { decisions: [refusal] };
    expect((await before.call("POST", "/consents", { as: "mei", body })).status).toBe(201);
    // Nobody knows her in the backup.
    await before.give("late", "delivery");
    expect((await before.call("DELETE", "/consents/delivery", { as: "late" })).status).toBe(200);
    await inJournal(before, journal);
    await before.privacy.close();

    const statuses = async (shop: Fixture, as: string) => {
      const { consents } = (await shop.call("GET", "/consents", { as })).body as {
        readonly consents: readonly { readonly purpose: string; readonly status: string }[];
      };
      return Object.fromEntries(consents.map(({ purpose, status }) => [purpose, status]));
    };
    expect(await replay(backup, journal)).toMatchObject({ state: "done", withdrawals: 2 });
    const after = await openFixture(backup, { journal });
    expect(await statuses(after, "lin")).toMatchObject({
      delivery: "given",
      marketing: "withdrawn",
    });
    expect(await statuses(after, "mei")).toMatchObject({ delivery: "given", marketing: "refused" });
    // She may consent again.
    expect((await after.give("lin", "marketing")).status).toBe(201);
    expect(await statuses(after, "lin")).toMatchObject({ marketing: "given" });
    await after.privacy.close();
  });

  it("lets nobody read of a person whose erasure had begun and is lost with its request, and says which it was", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const store = memoryStore();
    let tries = 0;
    const erase = () => Promise.reject(new Error(`down, ${++tries}`));
    const options = { journal, connectors: { shop: { ...store.connector, erase } } };
    const before = await openFixture(database, options);
    for (const person of ["lin", "mei"]) await before.give(person, "delivery");
    await inJournal(before, journal);
    const backup = await backUp(database);
    store.rows.push(row("lin"));
    const { id } = await ask(before, "lin");
    await expect.poll(() => tries).toBeGreaterThan(0);
    await before.privacy.close();
    expect(await replay(backup, journal)).toMatchObject({
      state: "done",
      erasures: 0,
      unresolved: [{ tenant: "", requestId: id }],
    });
    const after = await openFixture(backup, { journal });
    expect(await consentOf(after, "lin")).toContain('"withdrawn"');
    expect(await consentOf(after, "mei")).toContain('"given"');
    // Asked for again, it is carried out.
    after.store.rows.push(row("lin"));
    const again = await ask(after, "lin");
    await after.privacy.idle();
    expect(await look(after, again)).toMatchObject({ state: "fulfilled" });
    await after.privacy.close();
  });

  it("leaves alone whoever had come back before the backup was made", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const before = await openFixture(database, { journal });
    await before.give("lin", "delivery");
    await ask(before, "lin");
    await before.privacy.idle();
    await before.give("lin", "marketing");
    await inJournal(before, journal);
    const backup = await backUp(database);
    await before.give("mei", "delivery");
    await inJournal(before, journal);
    await before.privacy.close();
    expect(await replay(backup, journal)).toMatchObject({ state: "done", leaves: 1, erasures: 0 });
    const after = await openFixture(backup, { journal });
    expect(await consentOf(after, "lin")).toContain('"given"');
    await after.give("new", "delivery");
    const links = await backup.tables.selectFrom("subject").select("epoch").execute();
    // One epoch was given to mei, whom the backup does not know: it is nobody else's.
    expect(links.map(({ epoch }) => epoch).toSorted((a, b) => a - b)).toEqual([2, 4]);
    await after.privacy.close();
  });

  it("goes on where a replay stopped that failed, and repeats nothing twice", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const before = await openFixture(database, { journal });
    await before.give("lin", "delivery");
    await before.give("mei", "delivery");
    await inJournal(before, journal);
    const backup = await backUp(database);
    for (const person of ["lin", "mei"]) await ask(before, person);
    await before.privacy.idle();
    await before.privacy.close();

    let reads = 0;
    const torn: Journal = {
      ...journal,
      async *read() {
        const records: JournalRecord[] = [];
        for await (const record of journal.read()) records.push(record);
        yield* reads++ === 0 ? records : records.slice(0, records.length / 2);
        if (reads > 1) throw new Error("the machine goes down");
      },
    };
    await expect(replay(backup, torn)).rejects.toThrow("goes down");
    const behind = await openFixture(backup, { journal });
    expect(await health(behind)).toBe("behind-journal");
    await behind.privacy.close();
    const broken = { ...backup.keys!, mac: undefined as unknown as Uint8Array };
    await expect(replay({ ...backup, keys: broken }, journal)).rejects.toThrow(TypeError);
    // All leaves are back by now, and it is behind all the same.
    const still = await openFixture(backup, { journal });
    expect(await health(still)).toBe("behind-journal");
    await still.privacy.close();
    await expect(openFixture(backup)).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
    expect(await replay(backup, journal)).toMatchObject({ state: "done", erasures: 2 });
    const after = await openFixture(backup, { journal });
    await after.privacy.idle();
    const steps = await backup.tables.selectFrom("erasure_step").selectAll().execute();
    const consents = steps.filter(({ record }) => record === "consent");
    expect(consents.map(({ count_before }) => count_before)).toEqual([1, 1]);
    await after.privacy.close();
  });

  it("WX-4.10a: is rid again of what a platform demanded since, and its gate is closed again", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const store = memoryStore();
    const before = await openFixture(database, { journal, store });
    await before.give("lin", "delivery");
    await inJournal(before, journal);
    const backup = await backUp(database);
    store.rows = [row("lin"), row("mei")];
    const officer = { as: "officer", roles: ["privacy-officer"] } as const;
    const body = {
      trigger: { kind: "platform-demand", platform: "weixin", number: "N-1" },
      selector: { category: "phone" },
    };
    const { body: opened } = await before.call("POST", "/staff/demands", { ...officer, body });
    await before.privacy.idle();
    await before.privacy.close();
    expect(store.rows.map(({ phone }) => phone)).toEqual([null, null]);

    expect(await replay(backup, journal)).toMatchObject({ state: "done", demands: 1 });
    expect(await replay(backup, journal)).toMatchObject({ state: "done", demands: 0 });
    store.rows = [row("lin"), row("mei")];
    const after = await openFixture(backup, { journal, store });
    const orders = await after.call("GET", "/staff/orders", officer);
    expect(orders.body["filings"]).toMatchObject([
      { record: { closes: { category: "phone" }, demandNumber: "N-1" } },
    ]);
    await after.privacy.idle();
    expect(store.rows.map(({ phone }) => phone)).toEqual([null, null]);
    const again = await after.call("GET", `/staff/demands/${opened["id"] as string}`, officer);
    expect(again.body).toMatchObject({ state: "finished", ...body });
    await after.privacy.close();
  });

  it("WX-4.7a: holds up a demand until the journal knows of it", async () => {
    const journal = newJournal();
    let away = false;
    const absent: Journal = {
      ...journal,
      append: (records) => (away ? Promise.reject(new Error("away")) : journal.append(records)),
    };
    const store = memoryStore();
    const shop = await openFixture(await newDatabase(), { journal: absent, store });
    store.rows = [row("lin")];
    away = true;
    const body = {
      trigger: { kind: "platform-demand", platform: "weixin", number: "N-1" },
      selector: { category: "phone" },
    };
    await shop.call("POST", "/staff/demands", { as: "o", roles: ["privacy-officer"], body });
    const attempts = async (): Promise<number> => {
      const { fence } = await shop.database.tables
        .selectFrom("demand")
        .select("fence")
        .where("tenant", "=", "")
        .executeTakeFirstOrThrow();
      return fence;
    };
    await expect.poll(attempts).toBeGreaterThan(2);
    expect(store.rows).toEqual([row("lin")]);
    away = false;
    await shop.privacy.idle();
    expect(store.rows).toEqual([row("lin", { phone: null })]);
    await shop.privacy.close();
  });

  it("is not made to look right when it went another way than its journal", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const before = await openFixture(database, { journal });
    await before.give("lin", "delivery");
    await inJournal(before, journal);
    const backup = await backUp(database);
    await before.give("mei", "delivery");
    await inJournal(before, journal);
    await before.privacy.close();
    const other = await openFixture(backup);
    await other.give("someone", "delivery");
    await other.privacy.close();
    const count = async () =>
      (await backup.tables.selectFrom("log_leaf").select("leaf_index").execute()).length;
    const leaves = await count();
    expect(await replay(backup, journal)).toEqual({ state: "refused", reason: "forked" });
    expect(await count()).toBe(leaves);
  });

  it("is not replayed from a journal that is another log's, or whose leaves do not come to its root", async () => {
    const database = await newDatabase();
    const journal = newJournal();
    const before = await openFixture(database, { journal });
    await before.give("lin", "delivery");
    await before.privacy.close();
    const empty = { ...(await newDatabase()), keys: database.keys! };
    const damaged = { code: "ERR_STORE_UNAVAILABLE" };
    const foreign = { ...empty, keys: await createKeys() };
    await expect(replay(foreign, journal)).rejects.toMatchObject(damaged);
    const changed: Journal = {
      ...journal,
      async *read() {
        for await (const one of journal.read())
          yield one.type === "leaves"
            ? { ...one, hashes: one.hashes.map(() => Buffer.alloc(32)) }
            : one;
      },
    };
    await expect(replay(empty, changed)).rejects.toMatchObject(damaged);
    const short: Journal = {
      ...journal,
      async *read() {
        for await (const one of journal.read()) if (one.type !== "leaves") yield one;
      },
    };
    await expect(replay(empty, short)).rejects.toMatchObject(damaged);
    expect(await empty.tables.selectFrom("log_leaf").selectAll().execute()).toEqual([]);
    expect(await replay(empty, journal)).toMatchObject({ state: "done", leaves: 1 });
  });

  it("is refused where erasures it lacks have been forgotten", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const before = await openFixture(database, { journal });
    await before.give("lin", "delivery");
    await inJournal(before, journal);
    const backup = await backUp(database);
    await ask(before, "lin");
    await before.privacy.idle();
    await inJournal(before, journal);
    const newer = await backUp(database);
    await before.give("mei", "delivery");
    await inJournal(before, journal);
    await before.privacy.close();
    expect(await journal.forget(new Date(before.now() + 1))).toBe(2);
    expect(await replay(backup, journal)).toEqual({ state: "refused", reason: "forgotten" });
    expect(await replay(newer, journal)).toMatchObject({ state: "done", leaves: 1 });
  });

  it("is refused beside an empty journal, unless it is known to be current", async () => {
    const database = await newDatabase();
    const before = await openFixture(database);
    await before.give("lin", "delivery");
    await before.privacy.close();
    const journal = newJournal();
    expect(await replay(database, journal)).toEqual({ state: "refused", reason: "journal-empty" });
    expect(await replay(database, journal, true)).toMatchObject({ state: "done" });
    expect(await replay(database, journal, true)).toEqual({
      state: "refused",
      reason: "journal-begun",
    });
    const after = await openFixture(database, { journal });
    expect(await health(after)).toBe("ok");
    await after.privacy.close();
  });
});

/** A journal that does not take some records. */
function refusing(journal: Journal, isRefused: (record: JournalRecord) => boolean): Journal {
  return {
    ...journal,
    append: (records) =>
      records.some(isRefused) ? Promise.reject(new Error("disk full")) : journal.append(records),
  };
}

const phaseOf = (record: JournalRecord): unknown =>
  record.type === "ledger" ? (record.entry as { readonly phase: string }).phase : undefined;

describe("an erasure of a deployment with a journal", () => {
  it("erases nothing before the journal knows, and then all", async () => {
    const journal = newJournal();
    let full = true;
    let tries = 0;
    const isRefused = (record: JournalRecord): boolean => {
      if (phaseOf(record) === "begun") tries++;
      return full && phaseOf(record) === "begun";
    };
    const shop = await openFixture(await newDatabase(), { journal: refusing(journal, isRefused) });
    shop.store.rows.push(row("lin"));
    await shop.give("lin", "delivery");
    const asked = await ask(shop, "lin");
    // The second try comes after all that the first did.
    await expect.poll(() => tries).toBeGreaterThan(1);
    expect(shop.store.rows).toHaveLength(1);
    full = false;
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([]);
    expect(await look(shop, asked)).toMatchObject({ state: "fulfilled" });
    await shop.privacy.close();
  });

  it("is told to the journal by the next process when it was done and the journal was not there", async () => {
    const journal = newJournal();
    const database = await newDatabase();
    const shop = await openFixture(database, {
      journal: refusing(journal, (record) => phaseOf(record) === "done"),
    });
    await shop.give("lin", "delivery");
    const asked = await ask(shop, "lin");
    await expect.poll(async () => (await look(shop, asked))["state"]).toBe("fulfilled");
    await shop.privacy.close();
    const next = await openFixture(database, { journal });
    await next.privacy.idle();
    const phases: unknown[] = [];
    let text = "";
    for await (const record of journal.read()) {
      if (record.type === "ledger") phases.push(phaseOf(record));
      text += JSON.stringify(record);
    }
    expect(phases).toEqual(["begun", "done"]);
    expect(text).not.toContain("lin");
    expect(await database.tables.selectFrom("erasure_note").selectAll().execute()).toEqual([]);
    await next.privacy.close();
  });
});
