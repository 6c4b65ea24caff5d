import { describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type AccessEntry, createAccessLog } from "./access-log.ts";

const entry: AccessEntry = {
  tenant: "",
  subjectRef: "ref",
  purpose: "delivery",
  categories: [],
  permitted: true,
  caller: "app",
};

describe("access log", () => {
  it("keeps entries over a failing database and writes them when it is back", async () => {
    const { tables, ...database } = await openTestDatabase();
    let working = false;
    const insertInto: typeof tables.insertInto = (...all) => {
      if (!working) throw new Error("gone");
      return tables.insertInto(...all);
    };
    const log = createAccessLog(
      { database: { ...database, tables: { insertInto } } as Database, now: () => 0 },
      () => {},
    );
    log.add(entry);
    await expect(log.flush()).rejects.toThrow("gone");
    working = true;
    await log.close();
    expect(
      await tables.selectFrom("access_log").select(["purpose", "subject_ref"]).execute(),
    ).toEqual([{ purpose: "delivery", subject_ref: "ref" }]);
    await database.close();
  });

  it("writes a full buffer, and every entry of it once", async () => {
    const database = await openTestDatabase();
    const log = createAccessLog({ database, now: () => 0 }, () => {});
    for (let i = 0; i < 10_000; i++) log.add({ ...entry, caller: String(i) });
    await log.close();
    const rows = await database.tables
      .selectFrom("access_log")
      .select("caller")
      .orderBy("id")
      .execute();
    expect(rows.map(({ caller }) => caller)).toEqual(rows.map((_, i) => String(i)));
    expect(rows).toHaveLength(10_000);
    await database.close();
  });

  it("takes nothing that no database could keep: one such entry would hold up all others", async () => {
    const database = await openTestDatabase();
    const log = createAccessLog({ database, now: () => 0 }, () => {});
    for (const name of ["tenant", "purpose", "caller"])
      expect(() => log.add({ ...entry, [name]: "a\0b" })).toThrow(TypeError);
    log.add({ ...entry, caller: "\ud800" });
    await log.close();
    expect(await database.tables.selectFrom("access_log").selectAll().execute()).toHaveLength(1);
    await database.close();
  });

  it("denies when it is full: what cannot be logged is not read", async () => {
    const broken = {
      tables: {
        insertInto: () => {
          throw new Error("gone");
        },
      },
    } as unknown as Database;
    const log = createAccessLog({ database: broken, now: () => 0 }, () => {});
    for (let i = 0; i < 10_000; i++) log.add(entry);
    expect(() => log.add(entry)).toThrow(
      expect.objectContaining({ code: "ERR_STORE_UNAVAILABLE" }),
    );
    await log.close().catch(() => {});
  });
});
