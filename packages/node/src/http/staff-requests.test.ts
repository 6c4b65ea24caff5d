import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { keepTestDatabase } from "../database/database.fixture.ts";
import {
  type Answer,
  type Fixture,
  memoryStore,
  openFixture,
  policy,
  row,
} from "../privacy.fixture.ts";
import * as wire from "./wire.ts";

const DAY_MS = 86_400_000;
/** What no answer may hold. */
const PEOPLE = ["lin-1", "lin-2", "lin-3", "lin-4"];
/** As many erasures as one process carries out at once. */
const BUSY = 3;
const store = memoryStore();
const openDatabase = keepTestDatabase();
let shop: Fixture;
const ids: string[] = [];
let release = (): void => {};
/** The first three hang at the store, the fourth has not been begun. */
beforeAll(async () => {
  const held = new Promise<void>((resolve) => (release = resolve));
  const { erase } = store.connector;
  store.connector.erase = async (record, of) => {
    await held;
    return erase(record, of);
  };
  const tenantOf = (request: Request) => request.headers.get("x-test-tenant") ?? "";
  shop = await openFixture(await openDatabase(), { store, tenantOf });
  for (const as of PEOPLE) {
    store.rows.push(row(as));
    const { body } = await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
    ids.push(String(body["id"]));
    shop.pass(DAY_MS);
    if (ids.length <= BUSY)
      await until(async () => (await show(ids.at(-1)!)).body["state"] === "executing");
  }
});
afterAll(() => shop.privacy.close());

const officer = { as: "zhao", roles: ["privacy-officer"] } as const;
async function ask(method: string, path: string, body?: object, at = shop): Promise<Answer> {
  const answer = await at.call(method, path, { ...officer, ...(body && { body }) });
  for (const name of PEOPLE) expect(answer.text).not.toContain(name);
  return answer;
}
const show = (id: string, at = shop) => ask("GET", `/staff/requests/${id}`, undefined, at);
const list = async (query = "") => {
  const { body } = await ask("GET", `/staff/requests${query}`);
  const { requests, more } = wire.deskListShape.parse(body);
  return { ids: requests.map(({ id }) => id), more };
};
async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 20));
}
async function logged(at: Fixture, id: string): Promise<readonly object[]> {
  const rows = await at.database.tables
    .selectFrom("log_event")
    .select("body")
    .where("tenant", "=", "")
    .where("kind", "=", "subject-request")
    .orderBy("leaf_index")
    .execute();
  return rows
    .map(({ body }) => JSON.parse(body.toString("utf8")) as { readonly requestId: string })
    .filter(({ requestId }) => requestId === id);
}

describe("GET /staff/requests", () => {
  it("PIPL-50, WX-4.4.8: lists what is open, the first due first, page by page", async () => {
    const order = (await list()).ids;
    expect(order.toSorted()).toEqual(ids.toSorted());
    expect(await list("?limit=2")).toEqual({ ids: order.slice(0, 2), more: true });
    expect(await list(`?limit=2&after=${order[1]}`)).toEqual({ ids: order.slice(2), more: false });
    expect(await list("?dueBefore=2026-12-15T15:59:59Z")).toEqual({ ids: [], more: false });
  });

  it.each(["?limit=0", "?limit=1001", "?limit=x", "?dueBefore=soon", "?after=nobody"])(
    "%s is 400",
    async (query) => {
      expect((await ask("GET", `/staff/requests${query}`)).status).toBe(400);
    },
  );

  it("tells nothing of another tenant", async () => {
    const headers = { "x-test-tenant": "other" };
    const path = `/staff/requests/${ids[0]}`;
    expect((await shop.call("GET", path, { ...officer, headers })).status).toBe(404);
    const { body } = await shop.call("GET", "/staff/requests", { ...officer, headers });
    expect(body).toEqual({ requests: [], more: false });
    const refusal = { ...officer, headers, body: { reason: "other" } };
    expect((await shop.call("POST", `${path}/refuse`, refusal)).status).toBe(404);
  });

  it("WX-4.4.7c: one tells where it stands with every store", async () => {
    const request = wire.deskRequestShape.parse((await show(ids[0]!)).body);
    expect(request.steps).toMatchObject([{ store: "shop", record: "order", outcome: null }]);
  });
});

describe("POST /staff/requests/{id}/refuse", () => {
  const refuse = (id: string, body: object) => ask("POST", `/staff/requests/${id}/refuse`, body);

  it("WX-4.4.7c: leaves alone what has begun", async () => {
    expect((await refuse(ids[0]!, { reason: "suspected-fraud" })).status).toBe(409);
    expect((await show(ids[0]!)).body["state"]).toBe("executing");
  });

  it("PIPL-50: needs a reason that is listed", async () => {
    for (const body of [{}, { reason: "because" }, { reason: "complexity" }])
      expect((await refuse(ids[3]!, body)).status).toBe(400);
  });

  it("PIPL-50, WX-4.4.8: ends what nobody has begun, for good, and says why and by whom", async () => {
    const id = ids[3]!;
    const seals = () =>
      shop.database.tables.selectFrom("erasure_seal").select("request_id").execute();
    const decided = async () =>
      (await shop.privacy.access.for(PEOPLE[3]!, "delivery")).read(
        "order",
        row(PEOPLE[3]!) as never,
      );
    await shop.give(PEOPLE[3]!, "delivery");
    expect(await decided()).toMatchObject({ permitted: false });
    const answer = await refuse(id, { reason: "suspected-fraud" });
    expect(wire.deskRequestShape.parse(answer.body)).toMatchObject({ state: "refused", steps: [] });
    expect((await seals()).map((seal) => seal.request_id)).not.toContain(id);
    expect(await decided()).toMatchObject({ permitted: true });
    release();
    await shop.privacy.idle();
    await until(async () => (await list()).ids.length === 0);
    expect(store.rows).toEqual([row(PEOPLE[3]!)]);
    expect((await refuse(id, { reason: "other" })).status).toBe(409);
    const entries = await logged(shop, id);
    expect(entries.at(-1)).toMatchObject({
      event: "refuse",
      reason: "suspected-fraud",
      state: "refused",
      by: { role: "privacy-officer", name: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(JSON.stringify(entries)).not.toContain("zhao");
    expect(entries[0]).not.toHaveProperty("by");
  });
});

describe("POST /staff/requests/{id}/extend", () => {
  async function openFailing(country: string): Promise<{ at: Fixture; id: string; mend(): void }> {
    const failing = memoryStore();
    const { erase } = failing.connector;
    failing.connector.erase = () => Promise.reject(new Error("down"));
    failing.rows.push(row("lin-1"));
    const controller = { ...policy.controller, country };
    const at = await openFixture(await openDatabase(), {
      store: failing,
      policy: { ...policy, controller },
    });
    onTestFinished(() => at.privacy.close());
    const asked = { as: "lin-1", body: { kind: "erase" } };
    const id = String((await at.call("POST", "/requests", asked)).body["id"]);
    await until(async () => (await show(id, at)).body["failingStores"] === 1);
    return { at, id, mend: () => void (failing.connector.erase = erase) };
  }
  const body = { reason: "complexity" };

  it("lets it take longer once, by the rule, and it is carried out all the same", async () => {
    const { at, id, mend } = await openFailing("FR");
    const path = `/staff/requests/${id}/extend`;
    const before = String((await show(id, at)).body["dueAt"]);
    const { status, body: extended } = await ask("POST", path, body, at);
    expect(status).toBe(200);
    const days = (Date.parse(String(extended["dueAt"])) - Date.parse(before)) / DAY_MS;
    expect(Math.round(days)).toBe(62);
    expect((await ask("POST", path, body, at)).status).toBe(409);
    const refusal = await ask("POST", `/staff/requests/${id}/refuse`, { reason: "other" }, at);
    expect(refusal.status).toBe(409);
    mend();
    await at.privacy.idle();
    expect((await show(id, at)).body["state"]).toBe("fulfilled");
    expect(await logged(at, id)).toContainEqual(
      expect.objectContaining({ event: "extend", reason: "complexity", state: "extended" }),
    );
  });

  it("PIPL-50: is refused where the rule allows no extension", async () => {
    const { at, id, mend } = await openFailing("CN");
    expect((await ask("POST", `/staff/requests/${id}/extend`, body, at)).status).toBe(409);
    mend();
    await at.privacy.idle();
  });
});
