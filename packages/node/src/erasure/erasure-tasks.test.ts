import { verifyCertificate } from "@miniprivacy/core/certificate";
import { describe, expect, it, onTestFinished } from "vitest";
import { manualConnector } from "../connector/manual-connector.ts";
import { keepTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, memoryStore, openFixture, row } from "../privacy.fixture.ts";

const openDatabase = keepTestDatabase();
const OFFICER = { as: "officer", roles: ["privacy-officer"] } as const;
const sheet = manualConnector({
  kind: "file",
  records: ["order"],
  selector: "rows of {subjectId} in the call centre's sheet",
  task: "delete the rows and empty the bin",
  keptDays: 0,
});

async function open(): Promise<Fixture> {
  const store = memoryStore();
  const shop = await openFixture(await openDatabase(), {
    store,
    connectors: { shop: store.connector, sheet },
  });
  onTestFinished(() => shop.privacy.close());
  return shop;
}

interface Task {
  readonly requestId: string;
  readonly store: string;
  readonly record: string;
}

async function tasksOf(shop: Fixture): Promise<readonly Task[]> {
  const { body } = await shop.call("GET", "/staff/tasks", OFFICER);
  return body["tasks"] as readonly Task[];
}

const answer = (shop: Fixture, { requestId, store, record }: Task, said = "erased") =>
  shop.call("POST", "/staff/tasks", {
    ...OFFICER,
    body: { requestId, store, record, answer: said },
  });

describe("what is erased by hand", () => {
  it("WX-4.4.7b, WX-4.4.7c, PIPL-47: is a task with a due date, and the erasure waits for its answer", async () => {
    const shop = await open();
    shop.store.rows = [row("lin")];
    const opened = await shop.call("POST", "/requests", { as: "lin", body: { kind: "erase" } });
    const headers = { "x-request-token": opened.body["requestToken"] as string };
    const path = `/requests/${opened.body["id"] as string}`;
    const view = async () => (await shop.call("GET", path, { headers })).body;
    await expect
      .poll(() => tasksOf(shop), { timeout: 5000 })
      .toEqual([
        {
          requestId: opened.body["id"],
          kind: "erase",
          store: "sheet",
          record: "order",
          subjectId: "lin",
          dataCategories: ["phone", "address"],
          selector: "rows of {subjectId} in the call centre's sheet",
          technique: "by hand: delete the rows and empty the bin",
          dueAt: opened.body["dueAt"],
        },
      ]);
    expect(shop.store.rows).toEqual([]);
    expect((await view())["state"]).toBe("executing");
    // What only waits for people is no failure of a store.
    expect(shop.logged).not.toContainEqual(expect.objectContaining({ store: "sheet" }));
    const [task] = await tasksOf(shop);
    expect((await answer(shop, task!)).status).toBe(200);
    await shop.privacy.idle();
    expect(await view()).toMatchObject({
      state: "partly-fulfilled",
      outcomes: [
        { store: "shop", outcome: "verified-absent" },
        { store: "sheet", outcome: "accepted-by-store", countBefore: null, countAfter: null },
        {},
        {},
      ],
    });
    expect(await tasksOf(shop)).toEqual([]);
    const issued = await shop.call(
      "GET",
      `/certificates/${String((await view())["certificateId"])}`,
      {
        headers,
      },
    );
    const keys = (await shop.call("GET", "/.well-known/jwks.json")).body as never;
    const verified = await verifyCertificate(issued.body["certificate"] as string, {
      keys,
      now: shop.now(),
    });
    expect(verified.claims).toMatchObject({ claim: "partial" });
    expect(verified.claims!.scopes[1]!.verification.method).toBe("acknowledgement");
  });

  it("of a withdrawal is only what was released", async () => {
    const shop = await open();
    await shop.give("wang", "delivery");
    await shop.give("wang", "marketing");
    await shop.call("DELETE", "/consents/delivery", { as: "wang" });
    await expect
      .poll(() => tasksOf(shop), { timeout: 5000 })
      .toMatchObject([{ kind: "withdraw", subjectId: "wang", dataCategories: ["address"] }]);
    await answer(shop, (await tasksOf(shop))[0]!, "nothing-held");
    await shop.privacy.idle();
    expect(await tasksOf(shop)).toEqual([]);
  });

  it("is answered once, and who said so is in the log", async () => {
    const shop = await open();
    await shop.call("POST", "/requests", { as: "zhao", body: { kind: "erase" } });
    await expect.poll(() => tasksOf(shop), { timeout: 5000 }).toHaveLength(1);
    const [task] = await tasksOf(shop);
    expect((await answer(shop, { ...task!, record: "none" })).status).toBe(404);
    const [first, second] = await Promise.all([answer(shop, task!), answer(shop, task!)]);
    expect(new Set([first.status, second.status])).toEqual(new Set([200, 404]));
    await shop.privacy.idle();
    const entries = await shop.database.tables
      .selectFrom("log_event")
      .select("body")
      .where("tenant", "=", "")
      .where("kind", "=", "erasure")
      .execute();
    const said = entries
      .map((entry) => JSON.parse(entry.body.toString()) as Record<string, unknown>)
      .filter((entry) => entry["requestId"] === task!.requestId && "answer" in entry);
    expect(said).toMatchObject([{ type: "erasure-answer", store: "sheet", answer: "erased" }]);
    expect(JSON.stringify(said)).not.toMatch(/zhao|officer/);
  });

  it("is for privacy officers only", async () => {
    const shop = await open();
    for (const roles of [[], ["auditor"]] as const)
      expect((await shop.call("GET", "/staff/tasks", { as: "lin", roles })).status).toBe(403);
    const unanswered = await shop.call("POST", "/staff/tasks", { ...OFFICER, body: {} });
    expect(unanswered.status).toBe(400);
  });
});

describe("manualConnector", () => {
  const options = { kind: "file", records: ["order"], keptDays: 0 } as const;
  it.each([
    { selector: "all", task: "x" },
    { selector: "{subjectId}", task: "" },
  ])("takes no task that says nothing: %j", (wrong) => {
    expect(() => manualConnector({ ...options, ...wrong })).toThrow(TypeError);
  });
  it("describes no record of others", async () => {
    await expect(sheet.describe("note")).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
  });
});
