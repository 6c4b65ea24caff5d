import type { Policy } from "@miniprivacy/core/policy";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Connector } from "../connector/connector.ts";
import { keepTestDatabase } from "../database/database.fixture.ts";
import {
  decision,
  type Fixture,
  memoryStore,
  type MemoryStore,
  openFixture,
  policy,
  row,
} from "../privacy.fixture.ts";

const openDatabase = keepTestDatabase();

async function open(options: Parameters<typeof openFixture>[1] = {}): Promise<Fixture> {
  const shop = await openFixture(await openDatabase(), options);
  onTestFinished(() => shop.privacy.close());
  return shop;
}

/** A store whose connector does something else than it should. */
function faulty(fault: (sound: Connector, store: MemoryStore) => Partial<Connector>): MemoryStore {
  const store = memoryStore();
  const connector = { ...store.connector, ...fault(store.connector, store) };
  return {
    connector,
    get rows() {
      return store.rows;
    },
    set rows(rows) {
      store.rows = rows;
    },
  };
}

const withdraw = (shop: Fixture, as: string, purpose: string) =>
  shop.call("DELETE", `/consents/${purpose}`, { as });

interface RequestBody {
  readonly kind: string;
  readonly purpose?: string;
  readonly state: string;
  readonly outcomes: readonly { readonly outcome: string }[];
}

async function requestsOf(shop: Fixture, as: string): Promise<readonly RequestBody[]> {
  const { body } = await shop.call("GET", "/requests", { as });
  return body["requests"] as readonly RequestBody[];
}

/** Until the requests of somebody are as they should be. */
function requestsBecome(shop: Fixture, as: string, states: readonly string[]): Promise<void> {
  return expect
    .poll(async () => (await requestsOf(shop, as)).map(({ state }) => state), { timeout: 5000 })
    .toEqual(states);
}

describe("a withdrawal", () => {
  it("WX-4.4.4d, PIPL-15, PIPL-47: takes what no purpose keeps any more out of the stores, and nothing else", async () => {
    const shop = await open();
    shop.store.rows = [row("lin"), row("wang")];
    await shop.give("lin", "delivery");
    await withdraw(shop, "lin", "delivery");
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("lin", { phone: null, address: null }), row("wang")]);
    expect(await requestsOf(shop, "lin")).toEqual([
      expect.objectContaining({
        kind: "withdraw",
        purpose: "delivery",
        state: "fulfilled",
        outcomes: [
          {
            store: "shop",
            record: "order",
            outcome: "verified-absent",
            countBefore: 1,
            countAfter: 0,
          },
        ],
      }),
    ]);
  });

  it("PIPL-47: leaves what another live purpose keeps, until that is withdrawn too", async () => {
    const shop = await open();
    shop.store.rows = [row("two")];
    await shop.give("two", "delivery");
    await shop.give("two", "marketing");
    await withdraw(shop, "two", "delivery");
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("two", { address: null })]);
    await withdraw(shop, "two", "marketing");
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("two", { address: null, phone: null })]);
  });

  it("of two purposes at once takes what only the two of them kept", async () => {
    const shop = await open();
    for (let round = 0; round < 10; round++) {
      const as = `both-${round}`;
      shop.store.rows = [row(as)];
      await shop.give(as, "delivery");
      await shop.give(as, "marketing");
      await Promise.all([withdraw(shop, as, "delivery"), withdraw(shop, as, "marketing")]);
      await shop.privacy.idle();
      expect(shop.store.rows).toEqual([row(as, { address: null, phone: null })]);
    }
  });

  it("sets nothing off where nothing had been consented to", async () => {
    const shop = await open();
    shop.store.rows = [row("never")];
    await withdraw(shop, "never", "delivery");
    const decisions = [decision({ decision: "refused", purpose: "marketing" })];
    await shop.call("POST", "/consents", { as: "never", body: { decisions } });
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("never")]);
    expect(await requestsOf(shop, "never")).toEqual([]);
  });

  it("PIPL-44: is also an objection that the browser states", async () => {
    const shop = await open();
    shop.store.rows = [row("gpc", { address: null })];
    await shop.give("gpc", "marketing");
    await shop.call("GET", "/consents", { as: "gpc", headers: { "sec-gpc": "1" } });
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("gpc", { address: null, phone: null })]);
  });

  it("is also what a device denied before its person signed in", async () => {
    const shop = await open();
    shop.store.rows = [row("device-owner")];
    await shop.give("device-owner", "delivery");
    const headers = { "x-privacy-device": `${"d".repeat(21)}A` };
    const refusal = decision({ decision: "refused" });
    await shop.call("POST", "/consents", { headers, body: { decisions: [refusal] } });
    expect(shop.store.rows).toEqual([row("device-owner")]);
    await shop.call("GET", "/consents", { as: "device-owner", headers });
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("device-owner", { phone: null, address: null })]);
  });

  it("of a purpose that the policy has dropped is carried out all the same", async () => {
    const { delivery } = policy.purposes;
    const next: Policy = { ...policy, version: "2", purposes: { delivery } };
    const before = await open();
    await before.give("dropped", "marketing");
    await before.privacy.close();
    const shop = await open({ policy: next, earlierPolicies: [policy] });
    shop.store.rows = [row("dropped")];
    expect((await withdraw(shop, "dropped", "marketing")).status).toBe(200);
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("dropped", { phone: null })]);
  });

  it("says partly fulfilled while backups hold what it took", async () => {
    const shop = await open({ backups: { keepDays: 30 } });
    shop.store.rows = [row("backed-up")];
    await shop.give("backed-up", "delivery");
    await withdraw(shop, "backed-up", "delivery");
    await shop.privacy.idle();
    expect(await requestsOf(shop, "backed-up")).toMatchObject([{ state: "partly-fulfilled" }]);
  });
});

describe("fields that are erased", () => {
  it("may hold what the store calls blank", async () => {
    const store = faulty((_sound, memory) => ({
      async eraseFields(_record, { subjectId }) {
        memory.rows = memory.rows.map((one) =>
          one["memberId"] === subjectId ? { ...one, phone: "", address: "0" } : one,
        );
      },
      blankValues: () => ({ phone: "", address: 0 }),
    }));
    const shop = await open({ store });
    shop.store.rows = [row("blank")];
    await shop.give("blank", "delivery");
    await withdraw(shop, "blank", "delivery");
    await shop.privacy.idle();
    expect(await requestsOf(shop, "blank")).toMatchObject([
      { state: "fulfilled", outcomes: [{ outcome: "verified-absent", countBefore: 1 }] },
    ]);
  });

  it("WX-4.4.7c: are not called gone by a store that only says so", async () => {
    const shop = await open({ store: faulty(() => ({ eraseFields: async () => {} })) });
    shop.store.rows = [row("liar")];
    await shop.give("liar", "delivery");
    await withdraw(shop, "liar", "delivery");
    await expect
      .poll(() => requestsOf(shop, "liar"), { timeout: 5000 })
      .toMatchObject([{ state: "executing", outcomes: [{ outcome: "failed" }] }]);
    expect(shop.logged).toContainEqual(expect.objectContaining({ reason: "still-there" }));
  });

  it("are not called verified where reading finds fewer rows than counting", async () => {
    const store = faulty((sound) => ({
      count: async (record, of) => (await sound.count(record, of)) && 1,
      find: async (record, of) => (await sound.find(record, of)).slice(1),
    }));
    const shop = await open({ store });
    shop.store.rows = [row("half")];
    await shop.give("half", "delivery");
    await withdraw(shop, "half", "delivery");
    await requestsBecome(shop, "half", ["executing"]);
    expect(await requestsOf(shop, "half")).not.toMatchObject([
      { outcomes: [{ outcome: "verified-absent" }] },
    ]);
  });
});

describe("who consents again", () => {
  it("loses nothing to a withdrawal that a store has held up", async () => {
    let works = false;
    const store = faulty((sound) => ({
      async eraseFields(...args) {
        if (!works) throw new Error("down");
        await sound.eraseFields(...args);
      },
    }));
    const shop = await open({ store });
    shop.store.rows = [row("again")];
    await shop.give("again", "delivery");
    await withdraw(shop, "again", "delivery");
    await expect
      .poll(() => requestsOf(shop, "again"), { timeout: 5000 })
      .toMatchObject([{ outcomes: [{ outcome: "failed" }] }]);
    expect((await shop.give("again", "delivery")).status).toBe(201);
    works = true;
    await requestsBecome(shop, "again", ["fulfilled"]);
    expect(shop.store.rows).toEqual([row("again")]);
    expect(await requestsOf(shop, "again")).toMatchObject([{ outcomes: [] }]);
  });

  it("is answered when nothing is being taken any more", async () => {
    let release = (): void => {};
    let begun = (): void => {};
    const started = new Promise<void>((resolve) => (begun = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const store = faulty((sound) => ({
      async eraseFields(record, subject, fields) {
        if (subject.subjectId === "meanwhile") {
          begun();
          await released;
        }
        await sound.eraseFields(record, subject, fields);
      },
    }));
    const shop = await open({ store });
    shop.store.rows = [row("meanwhile")];
    await shop.give("meanwhile", "delivery");
    await withdraw(shop, "meanwhile", "delivery");
    await started;
    let answered = false;
    const given = shop.give("meanwhile", "delivery").then((answer) => {
      answered = true;
      return answer.status;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(false);
    release();
    expect(await given).toBe(201);
    shop.store.rows = [row("meanwhile", { phone: "13800000000" })];
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("meanwhile", { phone: "13800000000" })]);
  });
});

describe("what is on file of a withdrawal", () => {
  it("is carried out by the next process when this one ends first", async () => {
    const store = memoryStore();
    store.rows = [row("restart")];
    const hung = faulty(() => ({ eraseFields: () => Promise.reject(new Error("down")) }));
    hung.rows = store.rows;
    const first = await open({ store: hung });
    await first.give("restart", "delivery");
    await withdraw(first, "restart", "delivery");
    await first.privacy.close();
    const shop = await open({ store });
    await shop.privacy.idle();
    expect(store.rows).toEqual([row("restart", { phone: null, address: null })]);
  });

  it("comes to nothing when the decision was never recorded", async () => {
    let broken = false;
    const database = await openDatabase();
    const prepared: typeof database.prepared = (...args) =>
      broken ? Promise.reject(new Error("gone")) : database.prepared(...args);
    const shop = await openFixture({ ...database, prepared });
    onTestFinished(() => shop.privacy.close());
    shop.store.rows = [row("lost")];
    await shop.give("lost", "delivery");
    broken = true;
    expect((await withdraw(shop, "lost", "delivery")).status).toBe(500);
    expect(await requestsOf(shop, "lost")).toMatchObject([{ state: "received" }]);
    broken = false;
    shop.pass(61_000);
    await shop.privacy.idle();
    expect(await requestsOf(shop, "lost")).toMatchObject([{ state: "withdrawn-by-user" }]);
    expect(shop.store.rows).toEqual([row("lost")]);
    expect(await database.tables.selectFrom("erasure_seal").selectAll().execute()).toEqual([]);
  });

  it("ends with an erasure, and touches nothing of who has returned", async () => {
    const store = faulty(() => ({ eraseFields: () => Promise.reject(new Error("down")) }));
    const shop = await open({ store });
    shop.store.rows = [row("erased")];
    await shop.give("erased", "delivery");
    await withdraw(shop, "erased", "delivery");
    await expect
      .poll(() => requestsOf(shop, "erased"), { timeout: 5000 })
      .toMatchObject([{ outcomes: [{ outcome: "failed" }] }]);
    const opened = await shop.call("POST", "/requests", { as: "erased", body: { kind: "erase" } });
    const headers = { "x-request-token": opened.body["requestToken"] as string };
    const path = `/requests/${opened.body["id"] as string}`;
    await expect
      .poll(async () => (await shop.call("GET", path, { headers })).body["state"], {
        timeout: 5000,
      })
      .toBe("fulfilled");
    const { tables } = shop.database;
    expect(await tables.selectFrom("erasure_seal").selectAll().execute()).toEqual([]);
    shop.store.rows = [row("erased")];
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("erased")]);
  });
});
