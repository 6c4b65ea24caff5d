import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { createLogWriter } from "../log/log-writer.ts";
import { type Fixture, openFixture } from "../privacy.fixture.ts";
import { linkSubject } from "../subject/subject-store.ts";
import { memoryDatabase } from "../testing/memory-database.ts";
import { createRetentionSweep } from "./retention-sweep.ts";

const DAY_MS = 86_400_000;

let database: Database;
let shop: Fixture;
beforeAll(async () => {
  database = await memoryDatabase();
  shop = await openFixture(database);
});
afterAll(() => shop.privacy.close());

async function sweepAfter(days: number): Promise<void> {
  const log = createLogWriter(database, { announce: () => {} });
  const now = () => shop.now() + days * DAY_MS;
  const sweep = createRetentionSweep(
    { database, log, now, backups: "none" },
    { accessLogDays: 184, onError: () => {} },
  );
  await sweep.run();
  sweep.close();
}
const links = async (): Promise<number> =>
  (await database.tables.selectFrom("subject").selectAll().execute()).length;

describe("the sweep", () => {
  it("takes the link of who never decided, once no notice can be answered any more, and leaves every other", async () => {
    const { keys } = database;
    const at = new Date(shop.now());
    await linkSubject(database.tables, keys!.index, { tenant: "", subjectId: "only-looked" }, at);
    await linkSubject(
      database.tables,
      keys!.index,
      { tenant: "other", subjectId: "only-looked" },
      at,
    );
    await shop.give("decided", "delivery");
    await shop.call("POST", "/requests", { as: "asked", body: { kind: "erase" } });
    await shop.privacy.idle();
    await sweepAfter(36);
    expect(await links()).toBe(3);
    await sweepAfter(38);
    expect(await links()).toBe(1);
    const { body } = await shop.call("GET", "/consents", { as: "decided" });
    expect(body["consents"]).toContainEqual(expect.objectContaining({ status: "given" }));
  });

  it("moves the log's head, so that an entry on its way to a link that went is refused", async () => {
    const size = async () =>
      Number(
        (await database.tables.selectFrom("log_head").select("size").executeTakeFirstOrThrow())
          .size,
      );
    await linkSubject(
      database.tables,
      database.keys!.index,
      { tenant: "", subjectId: "again" },
      new Date(shop.now()),
    );
    const before = await size();
    await sweepAfter(38);
    expect(await size()).toBe(before + 1);
    await sweepAfter(38);
    expect(await size()).toBe(before + 1);
  });

  it("forgets after 90 days which key opened a request", async () => {
    const body = { kind: "erase", requestKey: "a-key-to-forget" };
    await shop.call("POST", "/requests", { as: "keyed", body });
    await shop.privacy.idle();
    const kept = () => database.tables.selectFrom("subject_request_key").selectAll().execute();
    await sweepAfter(89);
    expect(await kept()).toHaveLength(1);
    await sweepAfter(90);
    expect(await kept()).toEqual([]);
  });

  it("PIPL-19: forgets reads after the access log's own time, however many they are", async () => {
    const at = new Date(shop.now());
    await database.tables
      .insertInto("access_log")
      .columns(["tenant", "at", "purpose", "categories", "permitted", "caller", "count"])
      .expression((eb) =>
        eb
          .selectFrom(sql<{ n: number }>`generate_series(1, 12000)`.as("series"))
          .select([
            sql<string>`case when random() < 0.5 then '' else 'other' end`.as("tenant"),
            sql<Date>`${at}::timestamptz`.as("at"),
            sql<string>`'delivery'`.as("purpose"),
            sql<string[]>`'{}'::text[]`.as("categories"),
            sql<boolean>`true`.as("permitted"),
            sql<string>`'old'`.as("caller"),
            sql<number>`1`.as("count"),
          ]),
      )
      .execute();
    const kept = () =>
      database.tables.selectFrom("access_log").select("id").where("caller", "=", "old").execute();
    await sweepAfter(184);
    expect(await kept()).toHaveLength(12_000);
    await sweepAfter(184 + 1 / 86_400);
    expect(await kept()).toEqual([]);
  });

  it("refuses a time that is no number of days", async () => {
    await expect(openFixture(database, { accessLogDays: -1 })).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
    });
  });
});
