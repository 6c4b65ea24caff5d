import { describe, expect, it, onTestFinished } from "vitest";
import { keepTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, openFixture, row } from "../privacy.fixture.ts";

const openDatabase = keepTestDatabase();

async function open(options: Parameters<typeof openFixture>[1]): Promise<Fixture> {
  const shop = await openFixture(await openDatabase(), options);
  onTestFinished(() => shop.privacy.close());
  return shop;
}

type View = { readonly state: string; readonly postponed?: object };

async function ask(shop: Fixture, as: string): Promise<() => Promise<View>> {
  const { body } = await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
  const headers = { "x-request-token": body["requestToken"] as string };
  const path = `/requests/${body["id"] as string}`;
  return async () => (await shop.call("GET", path, { headers })).body as unknown as View;
}

const becomes = (view: () => Promise<View>, state: string): Promise<void> =>
  expect.poll(async () => (await view()).state, { timeout: 10_000 }).toBe(state);

describe("an erasure the shop puts off", () => {
  it("WX-4.4.7b, PIPL-47: is restricted at once, says why and until when, and is carried out then", async () => {
    let hold: { readonly until: string; readonly reason: string } | null = null;
    const asked: object[] = [];
    const shop = await open({
      beforeErase: (subject) => {
        asked.push(subject);
        return hold;
      },
    });
    const until = new Date(shop.now() + 1000).toISOString();
    hold = { until, reason: "The parcel is on the road." };
    shop.store.rows = [row("waiting")];
    await shop.give("waiting", "delivery");
    const view = await ask(shop, "waiting");
    await becomes(view, "restricted");
    expect((await view()).postponed).toEqual(hold);
    expect(shop.store.rows).toHaveLength(1);
    const reader = await shop.privacy.access.for("waiting", "delivery", { caller: "test" });
    expect(reader.read("order", row("waiting") as never)).toMatchObject({ permitted: false });
    await shop.privacy.idle();
    expect((await view()).state).toBe("restricted");
    shop.pass(1000);
    await becomes(view, "fulfilled");
    expect(shop.store.rows).toEqual([]);
    expect(asked).toEqual([{ tenant: "", subjectId: "waiting" }]);
  });

  it("is put off no longer than until it is due", async () => {
    const shop = await open({
      beforeErase: ({ subjectId }) =>
        subjectId === "long" ? { until: "2036-01-01T00:00:00Z", reason: "Just because." } : null,
    });
    const view = await ask(shop, "long");
    await becomes(view, "restricted");
    const { postponed, ...rest } = (await view()) as View & { readonly dueAt: string };
    expect(postponed).toEqual({ until: rest.dueAt, reason: "Just because." });
  });

  it.each([
    ["nothing", null],
    ["a time that has come", { until: "2026-11-24T07:59:59Z", reason: "Late." }],
  ])("begins at once when the shop says %s", async (_what, answer) => {
    const shop = await open({ beforeErase: () => answer });
    const view = await ask(shop, "at-once");
    await becomes(view, "fulfilled");
    expect(await view()).not.toHaveProperty("postponed");
  });

  it.each([
    ["throws", () => Promise.reject(new Error("who-a-person")), "unavailable"],
    ["hangs", () => new Promise<null>(() => {}), "timeout"],
    ["gives no date", () => ({ until: "soon", reason: "x" }), "malformed"],
    ["gives no reason", () => ({ until: "2026-11-25T00:00:00Z", reason: "" }), "malformed"],
    ["says nothing", () => undefined as never, "malformed"],
  ])("is not begun while the shop %s, and that is said", async (what, beforeErase, reason) => {
    const as = `broken ${what}`;
    let broken = true;
    const shop = await open({
      storeTimeoutMs: 100,
      beforeErase: ({ subjectId }) => (broken && subjectId === as ? beforeErase() : null),
    });
    shop.store.rows = [row(as)];
    const view = await ask(shop, as);
    await expect
      .poll(() => shop.logged, { timeout: 5000 })
      .toContainEqual(expect.objectContaining({ reason }));
    expect(JSON.stringify(shop.logged)).not.toContain("a-person");
    expect((await view()).state).toBe("accepted");
    expect(shop.store.rows).toHaveLength(1);
    broken = false;
    await becomes(view, "fulfilled");
  });

  it("waits through a restart, and is carried out by the next process", async () => {
    const until = new Date(Date.UTC(2026, 10, 24, 8) + 1500).toISOString();
    const first = await open({
      beforeErase: ({ subjectId }) =>
        subjectId === "restarted" ? { until, reason: "Wait." } : null,
    });
    const view = await ask(first, "restarted");
    await becomes(view, "restricted");
    await first.privacy.close();
    const shop = await open({});
    const states = () =>
      shop.database.tables
        .selectFrom("subject_request")
        .select("state")
        .where("postponed_until", "=", new Date(until))
        .execute();
    expect(await states()).toEqual([{ state: "restricted" }]);
    shop.pass(1500);
    await expect.poll(states, { timeout: 10_000 }).toEqual([{ state: "fulfilled" }]);
  });
});
