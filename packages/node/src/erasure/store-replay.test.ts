import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connector } from "../connector/connector.ts";
import { keepTestDatabase } from "../database/database.fixture.ts";
import { fileJournal } from "../journal/file-journal.ts";
import type { Journal } from "../journal/journal.ts";
import { createLogWriter } from "../log/log-writer.ts";
import { type Fixture, memoryStore, openFixture, order, row } from "../privacy.fixture.ts";
import { createStoreReplay, type StoreReplayStatus } from "./store-replay.ts";

const database = keepTestDatabase();
let root: string;
let journal: Journal;
let shop: Fixture;
/** Just before anybody was erased. */
let snapshotAt: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "store-replay-"));
  journal = fileJournal(root);
  shop = await openFixture(await database(), { journal, backups: { keepDays: 30 } });
  for (const person of ["lin", "mei", "back"]) await shop.give(person, "delivery");
  await erase("earlier");
  shop.pass(1000);
  snapshotAt = new Date(shop.now()).toISOString();
  shop.pass(1000);
  for (const person of ["lin", "back"]) await erase(person);
  await shop.give("back", "delivery");
});
afterAll(async () => {
  await shop.privacy.close();
  await rm(root, { recursive: true });
});

async function erase(as: string): Promise<void> {
  await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
  await shop.privacy.idle();
}

async function replay(
  connector: Connector,
  input: { readonly snapshotAt?: string; readonly nobodyWrote?: boolean; store?: string } = {},
  from: Journal | undefined = journal,
): Promise<StoreReplayStatus> {
  const { database: own } = shop;
  const log = createLogWriter(own, { announce: () => {} });
  const { advance } = createStoreReplay(
    { database: own, keys: own.keys!, log, now: shop.now },
    { journal: from, targets: [{ store: "shop", connector, record: order }], storeTimeoutMs: 5000 },
  );
  const whole = { store: "shop", snapshotAt, nobodyWrote: false, actor: "tester", ...input };
  for (;;) {
    const status = await advance(whole);
    if (status.state !== "running") return status;
  }
}

/** As it was at the snapshot, everybody in it. */
function restored() {
  const store = memoryStore();
  for (const person of ["lin", "mei", "back", "earlier", "stranger"])
    store.rows.push(row(person), row(person, { id: `second-of-${person}` }));
  return store;
}

const people = (store: ReturnType<typeof memoryStore>): readonly unknown[] => [
  ...new Set(store.rows.map(({ memberId }) => memberId)),
];

describe("a store of the host that is restored from a backup", () => {
  it("Requirement PIPL-47: loses again who was erased since, and nobody else", async () => {
    const store = restored();
    // Of another tenant, with the same id: another person.
    store.rows.push(row("lin", { tenant: "other" }));
    const record = { record: "order", erased: 1, rows: 2, returned: 1, failed: 0, fault: null };
    expect(await replay(store.connector)).toEqual({ state: "done", records: [record] });
    expect(people(store)).toEqual(["mei", "back", "earlier", "stranger", "lin"]);
    expect(store.rows.find(({ memberId }) => memberId === "lin")).toMatchObject({
      tenant: "other",
    });
    const again = { ...record, erased: 0, rows: 0 };
    expect(await replay(store.connector)).toEqual({ state: "done", records: [again] });
  });

  it("loses who came back too, where nobody has written since", async () => {
    const store = restored();
    expect(await replay(store.connector, { nobodyWrote: true })).toMatchObject({
      records: [{ erased: 2, rows: 4, returned: 0 }],
    });
    expect(people(store)).toEqual(["mei", "earlier", "stranger"]);
  });

  it("is told of by number where a row stays, the store fails, or it can name nobody", async () => {
    const stuck = restored();
    expect(await replay({ ...stuck.connector, erase: async () => {} })).toMatchObject({
      records: [{ erased: 0, failed: 1, fault: null }],
    });
    const { connector } = restored();
    const broken = {
      ...connector,
      async *subjects(of: typeof order) {
        yield* connector.subjects!(of);
        throw new Error("lin");
      },
    };
    expect(await replay(broken)).toMatchObject({ records: [{ erased: 1, fault: "unavailable" }] });
    const { subjects: _none, ...nameless } = restored().connector;
    const said = await replay(nameless);
    expect(said).toMatchObject({ records: [{ erased: 0, fault: "cannot-name-people" }] });
    expect(JSON.stringify(said)).not.toContain("lin");
  });

  it("is refused where nothing tells who was erased since", async () => {
    const { connector } = restored();
    const refused = (reason: string) => ({ state: "refused", reason });
    expect(await replay(connector, { store: "other" })).toEqual(refused("no-store"));
    const none = undefined as unknown as Journal;
    const { database: own } = shop;
    const log = createLogWriter(own, { announce: () => {} });
    const { advance } = createStoreReplay(
      { database: own, keys: own.keys!, log, now: shop.now },
      { journal: none, targets: [{ store: "shop", connector, record: order }], storeTimeoutMs: 1 },
    );
    const input = { store: "shop", snapshotAt, nobodyWrote: false, actor: "tester" };
    expect(await advance(input)).toEqual(refused("no-journal"));
    const copy = fileJournal(join(root, "copy"));
    for await (const record of journal.read()) await copy.append([record]);
    await copy.forget(new Date(shop.now() + 1));
    expect(await replay(connector, {}, copy)).toEqual(refused("forgotten"));
  });

  it("leaves the counts and who did it in the log, and nobody's name", async () => {
    const rows = await shop.database.tables
      .selectFrom("log_event")
      .select(["body", "subject_ref"])
      .where("kind", "=", "store-replay")
      .execute();
    expect(rows.length).toBeGreaterThan(0);
    for (const { body, subject_ref } of rows) {
      expect(subject_ref).toBeNull();
      expect(body.toString()).toContain('"actor":"tester"');
      expect(body.toString()).not.toMatch(/lin|back"/);
    }
  });

  it("WX-4.10a: loses again what was demanded of everybody since", async () => {
    const body = {
      trigger: { kind: "platform-demand", platform: "weixin", number: "N-1" },
      selector: { category: "phone" },
    };
    await shop.call("POST", "/staff/demands", { as: "o", roles: ["privacy-officer"], body });
    await shop.privacy.idle();
    const store = restored();
    const record = { record: "order", returned: 1, failed: 0, fault: null };
    expect(await replay(store.connector)).toEqual({
      state: "done",
      records: [{ ...record, erased: 1 + 4, rows: 2 + 8 }],
    });
    expect(store.rows.map(({ phone }) => phone)).toEqual(Array.from({ length: 8 }, () => null));
    const { bulk: _, subjects: __, ...nameless } = restored().connector;
    expect(await replay(nameless)).toMatchObject({ records: [{ fault: "cannot-name-people" }] });
    const stuck = restored();
    const idle = { ...stuck.connector.bulk!, async *erase() {} };
    expect(await replay({ ...stuck.connector, bulk: idle })).toMatchObject({
      records: [{ erased: 1, rows: 2, failed: 4 }],
    });
  });
});
