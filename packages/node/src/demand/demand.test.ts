import { verifyCertificate } from "@miniprivacy/core/certificate";
import { anchor, personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod/mini";
import type { BulkErasure } from "../connector/bulk-erasure.ts";
import type { Connector } from "../connector/connector.ts";
import { declaredConnector } from "../connector/declared-connector.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, memoryStore, openFixture, policy, row } from "../privacy.fixture.ts";

const OFFICER = { as: "officer", roles: ["privacy-officer"] } as const;
const AUDITOR = { as: "auditor", roles: ["auditor"] } as const;
const BY_NUMBER = { kind: "platform-demand", platform: "weixin", number: "TC-2026-17" } as const;
const EXIT = { kind: "contract-exit", platform: "wecom" } as const;
const PHONES = { trigger: BY_NUMBER, selector: { category: "phone" } };
const ALL = { trigger: EXIT, selector: "tenant" };

type Options = Parameters<typeof openFixture>[1];

async function open(options: Options = {}): Promise<Fixture> {
  const shop = await openFixture(await openTestDatabase(), options);
  onTestFinished(() => shop.privacy.close());
  return shop;
}

const demand = (shop: Fixture, body: object, headers = {}) =>
  shop.call("POST", "/staff/demands", { ...OFFICER, headers, body });
const shown = async (shop: Fixture, id: unknown, headers = {}) =>
  (await shop.call("GET", `/staff/demands/${id as string}`, { ...AUDITOR, headers })).body;

function withBulk(connector: Connector, change: (bulk: BulkErasure) => Partial<BulkErasure>) {
  return { ...connector, bulk: { ...connector.bulk!, ...change(connector.bulk!) } };
}

async function certificate(shop: Fixture, id: unknown, headers = {}) {
  const path = `/staff/certificates/${id as string}`;
  const { body } = await shop.call("GET", path, { ...AUDITOR, headers });
  const keys = (await shop.call("GET", "/.well-known/jwks.json")).body;
  const verified = await verifyCertificate(body["certificate"] as string, {
    keys: keys as never,
    now: shop.now(),
  });
  return verified.claims!;
}

describe("a platform's demand", () => {
  it("WX-4.7a, WX-4.4.5b: closes the gate first, then takes the data of everybody, and of nothing else", async () => {
    const store = memoryStore();
    const reads: unknown[] = [];
    const connector = withBulk(store.connector, ({ erase }) => ({
      async *erase(record, selection) {
        const reader = await shop.privacy.access.for("lin", "delivery");
        reads.push(reader.read("order", row("lin") as never));
        yield* erase(record, selection);
      },
    }));
    const shop = await open({ store, connectors: { shop: connector } });
    await shop.give("lin", "delivery");
    store.rows = [row("lin"), row("wang"), row("zhao", { tenant: "north" })];
    const { status, body } = await demand(shop, PHONES);
    expect([status, body["state"]]).toEqual([201, "open"]);
    await shop.privacy.idle();
    expect(reads).toEqual([
      expect.objectContaining({ permitted: false, reason: "platform-order-in-force" }),
    ]);
    expect(store.rows).toEqual([
      row("lin", { phone: null }),
      row("wang", { phone: null }),
      row("zhao", { tenant: "north" }),
    ]);
    const ended = await shown(shop, body["id"]);
    expect(ended).toMatchObject({
      state: "finished",
      ...PHONES,
      steps: [{ store: "shop", record: "order", rows: 2, erased: 2, outcome: "verified-absent" }],
    });
    // Lifting the order is for an officer to do.
    const { body: orders } = await shop.call("GET", "/staff/orders", OFFICER);
    expect(orders["filings"]).toEqual([
      {
        id: ended["orderId"],
        record: { closes: { category: "phone" }, demandNumber: "TC-2026-17" },
        filedAt: expect.any(String),
      },
    ]);
  });

  it("WX-4.7c: ends in one certificate with the demand's number, about all of them", async () => {
    const shop = await open();
    shop.store.rows = [row("lin"), row("lin", { id: "2" }), row("wang")];
    const { body } = await demand(shop, PHONES);
    await shop.privacy.idle();
    const { certificateId } = await shown(shop, body["id"]);
    expect(await certificate(shop, certificateId)).toMatchObject({
      claim: "deleted",
      trigger: BY_NUMBER,
      about: {
        kind: "dataset",
        selector: { dataCategories: ["phone"] },
        persons: 2,
        records: 3,
      },
      scopes: [{ store: "shop", record: "order", countBefore: 3, countAfter: 0 }],
    });
    const page = await shop.call(
      "GET",
      `/staff/certificates/${certificateId as string}?format=html`,
      AUDITOR,
    );
    expect(page.text).toContain("TC-2026-17");
  });

  it("says what it would not do: nothing selected, or records that do not tell when", async () => {
    const shop = await open();
    shop.store.rows = [row("lin")];
    const selector = { category: "phone", collectedUntil: "2026-11-01T00:00:00Z" };
    const none = await demand(shop, { trigger: BY_NUMBER, selector: { collectedIn: "kuaishou" } });
    expect([none.status, none.body]).toEqual([409, { opened: false, reason: "nothing-selected" }]);
    const undated = await demand(shop, { trigger: BY_NUMBER, selector });
    expect([undated.status, undated.body]).toEqual([
      409,
      { opened: false, reason: "undated-records", records: ["order"] },
    ]);
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("lin")]);
    expect((await demand(shop, { trigger: BY_NUMBER, selector, undated: "erase" })).status).toBe(
      201,
    );
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("lin", { phone: null })]);
  });

  it("takes what was collected up to a moment, and what does not tell when", async () => {
    const text = z.string();
    const dated = personalRecord(policy, "order", {
      id: plain(text),
      memberId: subject(text),
      createdAt: anchor("collected", text),
      phone: personal("phone", text),
    });
    const shop = await open({ records: [dated] } as Options);
    const at = (createdAt: string | null) => ({
      id: String(createdAt),
      memberId: "lin",
      createdAt,
      phone: "1",
    });
    shop.store.rows = [at("2026-10-31T23:59:59Z"), at("2026-11-01T00:00:01Z"), at(null)];
    const selector = { category: "phone", collectedUntil: "2026-11-01T08:00:00+08:00" };
    const { body } = await demand(shop, { trigger: BY_NUMBER, selector });
    await shop.privacy.idle();
    expect(shop.store.rows.map(({ phone }) => phone)).toEqual([null, "1", null]);
    const { certificateId } = await shown(shop, body["id"]);
    expect((await certificate(shop, certificateId)).about).toMatchObject({
      selector: { collectedUntil: "2026-11-01T00:00:00.000Z" },
    });
  });

  it("of the same data is the same one while it is open", async () => {
    const store = memoryStore();
    let fails = true;
    const connector = withBulk(store.connector, ({ count }) => ({
      count: async (record, selection) => {
        if (fails) throw new Error("away");
        return count(record, selection);
      },
    }));
    const shop = await open({ store, connectors: { shop: connector } });
    store.rows = [row("lin")];
    const first = await demand(shop, PHONES);
    await expect
      .poll(async () => (await shown(shop, first.body["id"]))["steps"])
      .toMatchObject([{ outcome: "failed", fault: "unavailable" }]);
    const again = await demand(shop, PHONES);
    expect(again.body["id"]).toBe(first.body["id"]);
    fails = false;
    await shop.privacy.idle();
    expect((await demand(shop, PHONES)).body["id"]).not.toBe(first.body["id"]);
    await shop.privacy.idle();
  });

  it("does not wait for a store that others write to while it counts", async () => {
    const store = memoryStore();
    let arrives = true;
    const connector = withBulk(store.connector, ({ count }) => ({
      async count(record, selection) {
        const counted = await count(record, selection);
        if (arrives) store.rows = [...store.rows, row("new")];
        arrives = false;
        return counted;
      },
    }));
    const shop = await open({ store, connectors: { shop: connector } });
    store.rows = [row("lin")];
    await demand(shop, PHONES);
    await shop.privacy.idle();
    expect(store.rows.map(({ phone }) => phone)).toEqual([null, null]);
    expect(shop.logged).not.toContainEqual(expect.objectContaining({ store: "shop" }));
  });

  it("goes on after a store that lies or stops halfway, and counts what it took", async () => {
    const store = memoryStore();
    let stops = 2;
    const connector = withBulk(store.connector, ({ erase }) => ({
      async *erase(record, selection) {
        if (stops === 1) return void stops--;
        for await (const rows of erase(record, selection)) {
          yield rows;
          if (stops === 2) {
            stops--;
            throw new Error("gone");
          }
        }
      },
    }));
    const shop = await open({ store, connectors: { shop: connector } });
    store.rows = ["a", "b", "c"].map((id) => row(id));
    const { body } = await demand(shop, PHONES);
    await shop.privacy.idle();
    expect(store.rows.map(({ phone }) => phone)).toEqual([null, null, null]);
    expect((await shown(shop, body["id"]))["steps"]).toMatchObject([
      { rows: 3, outcome: "verified-absent", attempts: 0 },
    ]);
  });

  it("WX-4.7c: leaves to hands what cannot be erased for everybody at once, and to time what drops it by itself", async () => {
    const { bulk: _, subjects: __, ...connector } = memoryStore().connector;
    const log = declaredConnector({
      kind: "log",
      records: ["order"],
      selector: "lines with {subjectId}",
      tool: "logrotate",
      toolVersion: "3.21",
      keptDays: 7,
    });
    const shop = await open({ connectors: { courier: connector, log } });
    const { body } = await demand(shop, PHONES);
    const tasks = async () => (await shop.call("GET", "/staff/tasks", OFFICER)).body["tasks"];
    await expect.poll(tasks).toEqual([
      {
        requestId: body["id"],
        kind: "demand",
        store: "courier",
        record: "order",
        subjectId: null,
        dataCategories: ["phone"],
        selector: "order.memberId = {everybody}",
        technique: "by hand",
        dueAt: body["dueAt"],
      },
    ]);
    const said = { requestId: body["id"], store: "courier", record: "order", answer: "erased" };
    expect((await shop.call("POST", "/staff/tasks", { ...OFFICER, body: said })).status).toBe(200);
    await shop.privacy.idle();
    const { certificateId, steps } = await shown(shop, body["id"]);
    expect(steps).toMatchObject([{ outcome: "accepted-by-store" }, { outcome: "residual-until" }]);
    expect((await certificate(shop, certificateId)).claim).toBe("partial");
  });

  it("goes from one subject to the next where a store cannot take everybody's rows at once", async () => {
    const store = memoryStore();
    const { bulk: _, ...connector } = store.connector;
    const shop = await open({ store, connectors: { shop: connector } });
    store.rows = [
      row("lin"),
      row("lin", { id: "2" }),
      row("wang"),
      row("lin", { tenant: "north" }),
    ];
    const { body } = await demand(shop, PHONES);
    await shop.privacy.idle();
    expect(store.rows.map(({ phone }) => phone)).toEqual([null, null, null, "13912345678"]);
    const { certificateId, steps } = await shown(shop, body["id"]);
    expect(steps).toMatchObject([{ rows: 3, erased: 3, outcome: "verified-absent" }]);
    expect((await certificate(shop, certificateId)).about).toMatchObject({
      persons: 2,
      records: 3,
    });
  });

  it("is for privacy officers to open, and for them and auditors to see", async () => {
    const shop = await open();
    shop.store.rows = [row("lin")];
    const asNobody = { as: "lin", body: PHONES };
    expect((await shop.call("POST", "/staff/demands", asNobody)).status).toBe(403);
    expect((await shop.call("POST", "/staff/demands", { ...AUDITOR, body: PHONES })).status).toBe(
      403,
    );
    for (const body of [
      { trigger: BY_NUMBER, selector: {} },
      { trigger: BY_NUMBER, selector: { purpose: "delivery" } },
      { trigger: BY_NUMBER, selector: { category: "no-such" } },
      { trigger: { kind: "retention" }, selector: "tenant" },
      { trigger: BY_NUMBER, selector: { collectedUntil: "yesterday" } },
    ])
      expect((await demand(shop, body)).status).toBe(400);
    await shop.privacy.idle();
    expect((await shop.call("GET", "/staff/demands", AUDITOR)).body).toEqual({ demands: [] });
    expect(shop.store.rows).toEqual([row("lin")]);
  });

  it("gives nobody a certificate about one person", async () => {
    const shop = await open();
    const opened = await shop.call("POST", "/requests", { as: "lin", body: { kind: "erase" } });
    await shop.privacy.idle();
    const headers = { "x-request-token": opened.body["requestToken"] as string };
    const path = `/requests/${opened.body["id"] as string}`;
    const { certificateId } = (await shop.call("GET", path, { headers })).body;
    expect(certificateId).toEqual(expect.any(String));
    const other = `/staff/certificates/${certificateId as string}`;
    expect((await shop.call("GET", other, OFFICER)).status).toBe(404);
  });
});

describe("the end of a tenant", () => {
  const north = { "x-test-tenant": "north" };

  it("WX-4.10a: erases every row and our own records of everybody, and no other tenant's", async () => {
    const shop = await open();
    shop.store.rows = [row("lin"), row("wang"), row("lin", { tenant: "north" })];
    for (const as of ["lin", "wang", "zhao"]) await shop.give(as, "delivery");
    await shop.call("GET", "/consents", { as: "lin", headers: north });
    const opened = await shop.privacy.eraseTenant("", { platform: "wecom", by: "cancel_auth" });
    expect(opened).toMatchObject({ state: "open", ...ALL });
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([row("lin", { tenant: "north" })]);
    const left = await shop.database.tables
      .selectFrom("log_event")
      .select("leaf_index")
      .where("tenant", "=", "")
      .where("kind", "=", "consent")
      .execute();
    const links = await shop.database.tables
      .selectFrom("subject")
      .select("ref")
      .where("tenant", "=", "")
      .execute();
    expect([left, links]).toEqual([[], []]);
    const { certificateId, steps } = await shown(shop, opened.id);
    expect(steps).toMatchObject([
      { store: "shop", record: "order", rows: 2, erased: 2 },
      { store: "miniprivacy", record: "consent", rows: 3, outcome: "verified-absent" },
      { store: "miniprivacy", record: "subject", rows: 3, outcome: "verified-absent" },
    ]);
    expect(await certificate(shop, certificateId)).toMatchObject({
      claim: "deleted",
      trigger: EXIT,
      about: { kind: "dataset", persons: 2 },
    });
    const decided = await shop.privacy.access.for("lin", "delivery");
    expect(decided.read("order", row("lin") as never)).toMatchObject({ permitted: false });
  });

  it("lets a request of a person end first", async () => {
    const store = memoryStore();
    let away = true;
    const connector = {
      ...store.connector,
      erase: async (...of: Parameters<Connector["erase"]>) => {
        if (away) throw new Error("away");
        return store.connector.erase(...of);
      },
    };
    const shop = await open({ store, connectors: { shop: connector } });
    await shop.give("lin", "delivery");
    store.rows = [row("lin"), row("wang")];
    const asked = await shop.call("POST", "/requests", { as: "lin", body: { kind: "erase" } });
    const headers = { "x-request-token": asked.body["requestToken"] as string };
    const request = async () =>
      (await shop.call("GET", `/requests/${asked.body["id"] as string}`, { headers })).body;
    const { id } = await shop.privacy.eraseTenant("", { platform: "wecom", by: "cancel_auth" });
    await expect.poll(() => store.rows).toEqual([]);
    expect((await request())["state"]).toBe("executing");
    expect((await shown(shop, id))["state"]).toBe("open");
    away = false;
    await shop.privacy.idle();
    expect((await request())["state"]).toBe("fulfilled");
    expect((await shown(shop, id))["state"]).toBe("finished");
  });
});
