import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../database/database.fixture.ts";
import { postgresDatabase } from "../database/postgres-database.ts";
import { type Fixture, openFixture, row } from "../privacy.fixture.ts";
import { FRESH_MS, type LogChanges, openChangeBus } from "./change-bus.ts";

let database: TestDatabase;
let shop: Fixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openFixture(database);
});
afterAll(() => shop.privacy.close());

const reason = (result: object): unknown => ("reason" in result ? result.reason : "permitted");

describe("a reader", () => {
  it("goes on past its first second while nothing changes", async () => {
    await shop.give("steady", "delivery");
    const reader = await shop.privacy.access.for("steady", "delivery");
    const until = performance.now() + FRESH_MS + 200;
    while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reason(reader.read("order", row("steady") as never))).toBe("permitted");
  });

  it("WX-4.4.4d: stops the moment this process has answered a withdrawal", async () => {
    await shop.give("own", "delivery");
    const reader = await shop.privacy.access.for("own", "delivery");
    expect(reason(reader.read("order", row("own") as never))).toBe("permitted");
    await shop.call("DELETE", "/consents/delivery", { as: "own" });
    expect(reason(reader.read("order", row("own") as never))).toBe("facts-too-old");
    const next = await shop.privacy.access.for("own", "delivery");
    expect(reason(next.read("order", row("own") as never))).toBe("consent-withdrawn");
  });

  it("stops the moment an erasure is accepted, and one of somebody else does not", async () => {
    await shop.give("leaving", "delivery");
    await shop.give("staying", "delivery");
    const leaving = await shop.privacy.access.for("leaving", "delivery");
    const staying = await shop.privacy.access.for("staying", "delivery");
    await shop.call("POST", "/requests", { as: "leaving", body: { kind: "erase" } });
    expect(reason(leaving.read("order", row("leaving") as never))).toBe("facts-too-old");
    expect(reason(staying.read("order", row("staying") as never))).toBe("permitted");
    await shop.privacy.idle();
  });

  it("is served from memory while nothing changes", async () => {
    await shop.give("cached", "delivery");
    await shop.privacy.access.for("cached", "delivery");
    const { tables } = database;
    const link = tables
      .updateTable("subject")
      .set({ tenant: "elsewhere" })
      .where("tenant", "=", "");
    await link.execute();
    const again = await shop.privacy.access.for("cached", "delivery");
    expect(reason(again.read("order", row("cached") as never))).toBe("permitted");
    await tables.updateTable("subject").set({ tenant: "" }).execute();
  });
});

// Several processes need a server: the embedded database has one. Not there, the test is not counted as skipped.
const onServer = process.env["TEST_DATABASE"] === undefined ? [] : ["PostgreSQL"];
describe.each(onServer)("on %s", () => {
  it("WX-4.4.4d: a withdrawal answered by one process stops readers of another within a second", async () => {
    const other = await openFixture({
      ...(await postgresDatabase(database.url!)),
      keys: database.keys!,
    });
    for (let round = 0; round < 5; round++) {
      await shop.give("shared", "delivery");
      const reader = await other.privacy.access.for("shared", "delivery");
      expect(reason(reader.read("order", row("shared") as never))).toBe("permitted");
      await shop.call("DELETE", "/consents/delivery", { as: "shared" });
      const answeredAt = performance.now();
      const read = (): unknown => reason(reader.read("order", row("shared") as never));
      await expect.poll(read, { interval: 10, timeout: 2000 }).toBe("facts-too-old");
      expect(performance.now() - answeredAt).toBeLessThan(FRESH_MS);
    }
    await other.privacy.close();
  });

  it("WX-4.7a: an order of the platform that one process answered closes reads of another within a second", async () => {
    const other = await openFixture({
      ...(await postgresDatabase(database.url!)),
      keys: database.keys!,
    });
    await shop.give("ordered", "delivery");
    const reader = await other.privacy.access.for("ordered", "delivery");
    const officer = { as: "officer", roles: ["privacy-officer"] } as const;
    const filed = await shop.call("POST", "/staff/orders", {
      ...officer,
      body: { closes: "tenant" },
    });
    const answeredAt = performance.now();
    const read = (): unknown => reason(reader.read("order", row("ordered") as never));
    await expect.poll(read, { interval: 10, timeout: 2000 }).toBe("facts-too-old");
    expect(performance.now() - answeredAt).toBeLessThan(FRESH_MS);
    const next = await other.privacy.access.for("ordered", "delivery");
    expect(reason(next.read("order", row("ordered") as never))).toBe("platform-order-in-force");
    await shop.call("DELETE", `/staff/orders/${filed.body["id"] as string}`, officer);
    await expect
      .poll(async () => {
        const again = await other.privacy.access.for("ordered", "delivery");
        return reason(again.read("order", row("ordered") as never));
      })
      .toBe("permitted");
    await other.privacy.close();
  });

  it("WX-4.4.4d: a withdrawal is heard within a second with every listening connection terminated", async () => {
    const other = await openFixture({
      ...(await postgresDatabase(database.url!)),
      keys: database.keys!,
    });
    for (let round = 0; round < 3; round++) {
      await shop.give("deaf", "delivery");
      await expect
        .poll(async () =>
          reason(
            (await other.privacy.access.for("deaf", "delivery")).read(
              "order",
              row("deaf") as never,
            ),
          ),
        )
        .toBe("permitted");
      const reader = await other.privacy.access.for("deaf", "delivery");
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'miniprivacy-listen' and datname = current_database()`.execute(
        database.tables,
      );
      await shop.call("DELETE", "/consents/delivery", { as: "deaf" });
      const answeredAt = performance.now();
      const read = (): unknown => reason(reader.read("order", row("deaf") as never));
      await expect.poll(read, { interval: 10, timeout: 2000 }).toBe("facts-too-old");
      expect(performance.now() - answeredAt).toBeLessThan(FRESH_MS);
    }
    await other.privacy.close();
  });

  it("nothing stale is used when the server cannot be asked any more", async () => {
    const cut = await postgresDatabase(database.url!);
    const failures: unknown[] = [];
    const bus = await openChangeBus(cut, (cause) => failures.push(cause));
    expect(bus.freshUntil()).toBeGreaterThan(performance.now());
    await cut.tables.destroy();
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    await expect.poll(() => bus.freshUntil() < performance.now(), { timeout: 2000 }).toBe(true);
    await bus.close();
  });

  it("hears what is written without a notification, by asking", async () => {
    const { listen: _listen, ...deaf } = await postgresDatabase(database.url!);
    const notifications = { notify() {}, close: async () => {} };
    const bus = await openChangeBus({ ...deaf, listen: async () => notifications }, () => {});
    const told: LogChanges[] = [];
    bus.subscribe((changes) => told.push(changes));
    await shop.give("polled", "delivery");
    await expect.poll(() => told.flat().length, { timeout: FRESH_MS }).toBeGreaterThan(0);
    await bus.close();
    await deaf.close();
  });
});
