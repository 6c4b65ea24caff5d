import { describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { keepTestDatabase, type TestDatabase } from "../database/database.fixture.ts";
import { type AccessEntry, type AccessLog, createAccessLog } from "./access-log.ts";

const entry: AccessEntry = {
  tenant: "",
  subjectRef: "ref",
  purpose: "delivery",
  categories: [],
  permitted: true,
  caller: "app",
};

const openDatabase = keepTestDatabase();
async function emptyLog(): Promise<TestDatabase> {
  const database = await openDatabase();
  await database.tables.deleteFrom("access_log").execute();
  return database;
}

const add = (log: AccessLog, change: Partial<AccessEntry> = {}): boolean =>
  log.count(log.counter({ ...entry, ...change }));

describe("access log", () => {
  it("keeps entries over a failing database and writes them when it is back", async () => {
    const { tables, ...database } = await emptyLog();
    let working = false;
    const insertInto: typeof tables.insertInto = (...all) => {
      if (!working) throw new Error("gone");
      return tables.insertInto(...all);
    };
    const log = createAccessLog(
      { database: { ...database, tables: { insertInto } } as Database, now: () => 0 },
      () => {},
    );
    add(log);
    await expect(log.flush()).rejects.toThrow("gone");
    working = true;
    await log.close();
    expect(
      await tables.selectFrom("access_log").select(["purpose", "subject_ref"]).execute(),
    ).toEqual([{ purpose: "delivery", subject_ref: "ref" }]);
  });

  it("writes a full buffer, and every entry of it once", async () => {
    const database = await emptyLog();
    const log = createAccessLog({ database, now: () => 0 }, () => {});
    for (let i = 0; i < 10_000; i++) add(log, { caller: String(i) });
    await log.close();
    const rows = await database.tables
      .selectFrom("access_log")
      .select("caller")
      .orderBy("id")
      .execute();
    expect(rows.map(({ caller }) => caller)).toEqual(rows.map((_, i) => String(i)));
    expect(rows).toHaveLength(10_000);
  });

  it("takes nothing that no database could keep: one such entry would hold up all others", async () => {
    const database = await emptyLog();
    const log = createAccessLog({ database, now: () => 0 }, () => {});
    for (const name of ["tenant", "purpose", "caller"])
      expect(() => add(log, { [name]: "a\0b" })).toThrow(TypeError);
    add(log, { caller: "\ud800" });
    await log.close();
    expect(await database.tables.selectFrom("access_log").selectAll().execute()).toHaveLength(1);
  });

  it("adds up reads that are alike, those during a write too", async () => {
    const { tables, ...database } = await emptyLog();
    let duringWrite = (): void => {};
    const insertInto: typeof tables.insertInto = (...all) => {
      duringWrite();
      duringWrite = () => {};
      return tables.insertInto(...all);
    };
    const log = createAccessLog(
      { database: { ...database, tables: { insertInto } } as Database, now: () => 0 },
      () => {},
    );
    const counter = log.counter(entry);
    for (let i = 0; i < 5; i++) log.count(counter);
    duringWrite = () => {
      for (let i = 0; i < 3; i++) log.count(counter);
    };
    await log.flush();
    await log.close();
    const rows = await tables.selectFrom("access_log").select("count").orderBy("id").execute();
    expect(rows.map(({ count }) => count)).toEqual([5, 3]);
  });

  it("WX-4.4.6a, WC-3.8a: denies when it is full, says so, and keeps how often", async () => {
    const { tables, ...database } = await emptyLog();
    let working = false;
    const insertInto: typeof tables.insertInto = (...all) => {
      if (!working) throw new Error("gone");
      return tables.insertInto(...all);
    };
    const told: unknown[] = [];
    const log = createAccessLog(
      { database: { ...database, tables: { insertInto } } as Database, now: () => 0 },
      (cause) => told.push(cause),
    );
    const first = log.counter(entry);
    expect(log.count(first)).toBe(true);
    for (let i = 1; i < 10_000; i++) expect(add(log, { caller: String(i) })).toBe(true);
    for (let i = 0; i < 3; i++) expect(add(log, { subjectRef: "other" })).toBe(false);
    expect(log.count(first)).toBe(true);
    expect(told.filter((cause) => String(cause).includes("access log full"))).toHaveLength(1);
    working = true;
    await log.flush();
    expect(add(log)).toBe(true);
    await log.close();
    const rows = await tables
      .selectFrom("access_log")
      .select(["subject_ref", "permitted", "reason", "count"])
      .where("tenant", "=", "")
      .where("caller", "=", "app")
      .orderBy("id")
      .execute();
    expect(rows).toEqual([
      { subject_ref: "ref", permitted: true, reason: null, count: 2 },
      { subject_ref: null, permitted: false, reason: "access-log-full", count: 3 },
      { subject_ref: "ref", permitted: true, reason: null, count: 1 },
    ]);
  });
});
