import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { mysqlConnector, type MysqlConnectorOptions, type MysqlPool } from "@miniprivacy/node";
import { connectorContract } from "@miniprivacy/node/testing";
import type { Pool } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { policy } from "./note-policy.ts";
import { connectMysql } from "../../docs/examples/guides/connect-mysql.ts";
import { mysqlMissing, temporaryMysql } from "../support/mysql-server.ts";
import { mysqlStore } from "./connector-stores.ts";

const record = personalRecord(policy, "note", {
  id: plain(z.number()),
  memberId: subject(z.string()),
  text: personal("note", z.string()),
});
const note = { table: "notes", key: "id", subject: "member_id" };
const of = (subjectId: string) => ({ tenant: "", subjectId });
const config = { code: "ERR_CONFIG_INVALID" };
const input = { code: "ERR_INPUT_INVALID" };

describe("mysqlConnector", () => {
  const pool: MysqlPool = { execute: async () => [[], undefined] };
  const options: MysqlConnectorOptions = {
    pool,
    tables: { note },
    undo: { keptDays: 1 },
    binlog: { keptDays: 7 },
  };

  it.each([Number.NaN, -1, 0.5])(
    "takes no keptDays that is no whole number of days: %s",
    (keptDays) => {
      for (const wrong of [{ undo: { keptDays } }, { binlog: { keptDays } }])
        expect(() => mysqlConnector({ ...options, ...wrong })).toThrow(
          expect.objectContaining(config),
        );
    },
  );

  it.each(["table", "key", "subject", "tenant"])("takes no %s that cannot be a name", (part) => {
    for (const name of ["", "a\0b", "x".repeat(65), "a ", "🧧"])
      expect(() =>
        mysqlConnector({ ...options, tables: { note: { ...note, [part]: name } } }),
      ).toThrow(TypeError);
  });

  it("names what it leaves behind, and until when", async () => {
    const at = new Date("2026-11-28T00:00:00.000Z");
    expect(await mysqlConnector(options).remnants(record, at)).toEqual([
      { where: "undo log", until: "2026-11-29T00:00:00.000Z" },
      { where: "binary log", until: "2026-12-05T00:00:00.000Z" },
    ]);
  });

  it("says that a server cannot be reached, and nothing of what it said", async () => {
    const execute = () => Promise.reject(new Error("Duplicate entry 'who-4711'"));
    const failure: unknown = await mysqlConnector({ ...options, pool: { execute } })
      .count(record, of("lin"))
      .catch((error) => error);
    expect(failure).toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    expect(String(failure)).not.toContain("4711");
  });
});

const missing = await mysqlMissing();
describe.skipIf(missing !== undefined)(
  `mysqlConnector on MariaDB${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let pool: Pool;
    let drop: () => Promise<void>;
    beforeAll(async () => void ({ pool, drop } = await temporaryMysql()));
    afterAll(() => drop());

    describe.each([
      [false, "row"],
      [true, "row"],
      [false, "columns"],
    ] as const)("tenants apart: %s, erasing: %s", (tenants, erase) => {
      it.each(connectorContract(() => mysqlStore(pool, tenants, erase)))(
        "$name",
        async ({ run }) => {
          await expect(run()).resolves.toBeUndefined();
        },
      );
    });

    it("WX-4.4.7b: an order stays for the books, as nobody's", async () => {
      await pool.query(
        "create table t_order (id int, member_id varchar(64), rcv_mobile varchar(20) not null, rcv_address text, item text)",
      );
      await pool.query(
        "insert into t_order values (1, 'lin', '13912345678', 'Lake Road 1', 'bread')",
      );
      const order = personalRecord(policy, "order", {
        id: plain(z.number()),
        memberId: subject(z.string()),
        phone: personal("note", z.string()),
        address: personal("note", z.string()),
        item: plain(z.string()),
      });
      const connector = connectMysql(pool);
      expect(await connector.find(order, of("lin"))).toEqual([
        { id: 1, memberId: "lin", phone: "13912345678", address: "Lake Road 1", item: "bread" },
      ]);
      await connector.erase(order, of("lin"));
      expect((await pool.query("select * from t_order"))[0]).toEqual([
        { id: 1, member_id: null, rcv_mobile: "", rcv_address: null, item: "bread" },
      ]);
    });

    describe("on a table of its own", () => {
      const table = async (memberType: string, textType = "varchar(20)"): Promise<void> => {
        await pool.query("drop table if exists notes");
        await pool.query(
          `create table notes (id bigint primary key, member_id ${memberType}, text ${textType}, index (member_id))`,
        );
      };
      beforeEach(() => table("varchar(64)"));
      const plant = (id: number, member: unknown): Promise<unknown> =>
        pool.query("insert into notes values (?, ?, 'secret')", [id, member]);
      const connectorOf = (
        erase: object | "row" | "columns" = "row",
        binlog: object | "off" = "off",
      ) =>
        mysqlConnector({
          pool,
          tables: { note: { ...note, erase: erase as "row" } },
          undo: { keptDays: 0 },
          binlog: binlog as "off",
        });
      const row = async (id: number): Promise<unknown> =>
        ((await pool.query("select * from notes where id = ?", [id]))[0] as unknown[])[0];

      it("WX-4.4.7b: takes no number for another spelling of an id", async () => {
        await table("bigint");
        await plant(1, 7);
        const connector = connectorOf();
        expect(await connector.count(record, of("7"))).toBe(1);
        for (const id of ["7abc", "07", "7.0", " 7"]) {
          await expect(connector.count(record, of(id))).rejects.toMatchObject(config);
          await expect(connector.find(record, of(id))).rejects.toMatchObject(config);
          await connector.erase(record, of(id));
          expect(await row(1)).toMatchObject({ member_id: 7 });
        }
      });

      it("WX-4.4.7b: answers for neither of two ids that the column takes for one", async () => {
        await plant(1, "lin");
        expect(await connectorOf().count(record, of("lin"))).toBe(1);
        await plant(2, "Lin ");
        for (const id of ["lin", "Lin "]) {
          await expect(connectorOf().count(record, of(id))).rejects.toMatchObject(config);
          await expect(connectorOf().find(record, of(id))).rejects.toMatchObject(config);
        }
        await connectorOf().erase(record, of("lin"));
        expect([await row(1), await row(2)]).toEqual([
          undefined,
          { id: 2, text: "secret", member_id: "Lin " },
        ]);
      });

      it("WX-4.4.7b: what may not be empty stops an erasure of columns, and it is said", async () => {
        await table("varchar(64)", "varchar(20) not null");
        await plant(1, "lin");
        await expect(connectorOf("columns").erase(record, of("lin"))).rejects.toMatchObject(config);
        expect(await row(1)).toMatchObject({ member_id: "lin", text: "secret" });
        await connectorOf({ set: { memberId: "nobody", text: "" } }).erase(record, of("lin"));
        expect(await row(1)).toMatchObject({ member_id: "nobody", text: "" });
      });

      it("PIPL-47: loses the fields it was asked to, and holds what the mapping calls blank", async () => {
        await table("varchar(64)", "varchar(20) not null");
        await plant(1, "lin");
        const forbidden = connectorOf().eraseFields(record, of("lin"), ["text"]);
        await expect(forbidden).rejects.toMatchObject(config);
        const tables = { note: { ...note, blank: { text: "-" } } };
        const connector = mysqlConnector({ pool, tables, undo: { keptDays: 0 }, binlog: "off" });
        await connector.eraseFields(record, of("lin"), ["text"]);
        expect(await row(1)).toEqual({ id: 1, member_id: "lin", text: "-" });
        expect(connector.blankValues(record)).toEqual({ text: "-" });
      });

      it("WX-4.4.7a: corrects nothing that would not fit, and cuts nothing off", async () => {
        await plant(1, "lin");
        const { rectify } = connectorOf();
        await expect(
          rectify(record, of("lin"), "1", { text: "x".repeat(21) }),
        ).rejects.toMatchObject(input);
        await expect(rectify(record, of("lin"), "1", { memberId: "li" })).rejects.toMatchObject(
          input,
        );
        await expect(rectify(record, of("lin"), "1", { id: 2 })).rejects.toMatchObject(input);
        expect(await row(1)).toMatchObject({ member_id: "lin", text: "secret" });
        expect(await rectify(record, of("lin"), "01", { text: "new" })).toBe(false);
        expect(await rectify(record, of("lin"), "1", { text: "secret" })).toBe(true);
      });

      it("WX-4.4.7b: takes no number for a text that begins with it, on the way to a subject", async () => {
        await pool.query("drop table if exists people");
        await pool.query("create table people (no varchar(20) primary key, openid varchar(64))");
        await pool.query("insert into people values ('7abc', 'lin'), ('7', 'wang')");
        await table("bigint");
        await plant(1, 7);
        const subject = ["member_id", "people.openid"] as const;
        const connector = mysqlConnector({
          pool,
          tables: { note: { ...note, subject } },
          undo: { keptDays: 0 },
          binlog: "off",
        });
        await expect(connector.find(record, of("lin"))).rejects.toMatchObject(config);
        await connector.erase(record, of("lin"));
        expect(await connector.find(record, of("wang"))).toMatchObject([{ id: 1 }]);
      });

      it("uses the index of the subject's column", async () => {
        const [plan] = await pool.query(
          "explain select 1 from notes where member_id = 'lin' and cast(convert(member_id using utf8mb4) as binary) = 'lin'",
        );
        expect(plan).toMatchObject([{ key: "member_id" }]);
      });

      it.each([
        ["row", "bigint"],
        ["columns", "bigint"],
        ["row", "varchar(20)"],
      ])("WX-4.4.7b: erases many rows in batches (%s, key %s)", async (erase, keyType) => {
        await pool.query("drop table if exists notes");
        await pool.query(
          `create table notes (id ${keyType} primary key, member_id varchar(64), text varchar(20), index (member_id))`,
        );
        const rows = Array.from({ length: 3500 }, (_, i) => [i, i % 7 === 0 ? "wang" : "lin", "-"]);
        await pool.query("insert into notes values ?", [rows]);
        const changed: number[] = [];
        const counted: MysqlPool = {
          async execute(text, values) {
            const [result] = await pool.execute(text, values);
            if (/^(delete|update)/.test(text))
              changed.push((result as { readonly affectedRows: number }).affectedRows);
            return [result, undefined];
          },
        };
        const connector = mysqlConnector({
          pool: counted,
          tables: { note: { ...note, erase: erase as "row" } },
          undo: { keptDays: 0 },
          binlog: "off",
        });
        await connector.erase(record, of("lin"));
        expect(await connector.count(record, of("lin"))).toBe(0);
        expect(await connector.count(record, of("wang"))).toBe(500);
        expect(changed.reduce((sum, count) => sum + count)).toBe(3000);
        expect(changed[0]).toBe(1000);
        expect(changed.length).toBeGreaterThan(1);
      });

      it("erases many rows that have one key between them", async () => {
        await pool.query("drop table if exists notes");
        await pool.query("create table notes (id int, member_id varchar(64), text varchar(20))");
        await pool.query("insert into notes values ?", [
          Array.from({ length: 1500 }, () => [1, "lin", "-"]),
        ]);
        await connectorOf().erase(record, of("lin"));
        expect(await connectorOf().count(record, of("lin"))).toBe(0);
      });

      it("refuses a connection on which an id would not arrive as it is", async () => {
        const latin: MysqlPool = {
          execute: (text, values) =>
            text.includes("character_set_client")
              ? Promise.resolve([[{ charset: "latin1" }], undefined])
              : pool.execute(text, values),
        };
        const connector = mysqlConnector({
          pool: latin,
          tables: { note },
          undo: { keptDays: 0 },
          binlog: "off",
        });
        await expect(connector.count(record, of("用户"))).rejects.toMatchObject(config);
        expect(await connector.count(record, of("lin"))).toBe(0);
      });
    });
  },
);
