import { anchor, personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import {
  type BulkSelection,
  mysqlConnector,
  postgresConnector,
  type QueryPool,
  type SqlConnector,
  type TableMapping,
} from "@miniprivacy/node";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { mysqlMissing, temporaryMysql } from "../support/mysql-server.ts";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";
import { embeddedPool } from "./connector-stores.ts";
import { policy } from "./note-policy.ts";

type Tables = { readonly [record: string]: TableMapping };

/** A database spoken to in the SQL that both understand. */
interface Engine {
  sql(text: string): Promise<readonly { readonly [column: string]: unknown }[]>;
  connector(tables: Tables): SqlConnector;
  /** The type of a moment. */
  readonly moment: string;
  close(): Promise<void>;
}

const text = z.string();
const recordOf = (name: string) =>
  personalRecord(policy, name, {
    id: plain(text),
    memberId: subject(text),
    createdAt: anchor("collected", z.nullable(text)),
    text: personal("note", text),
  });
const order = recordOf("order");
const parcel = recordOf("parcel");
const own = { key: "id", columns: { createdAt: "created_at" } };
const tables = {
  order: { ...own, table: "bulk_order", subject: "openid" },
  parcel: { ...own, table: "bulk_parcel", subject: ["order_id", "bulk_order.openid"] },
} satisfies Tables;
const separate = {
  ...tables,
  parcel: { ...own, table: "bulk_parcel", subject: "openid" },
} as const;
const everything: BulkSelection = { tenant: "" };
const texts: BulkSelection = { tenant: "", fields: ["text"] };
/** More than JavaScript's numbers tell apart. */
const FIRST_ID = 9_007_199_254_740_993n;

function onPostgres(pool: QueryPool, close: () => Promise<void>): Engine {
  return {
    moment: "timestamptz",
    sql: async (statement) => (await pool.query(statement)).rows,
    connector: (mapped) => postgresConnector({ pool, tables: mapped, wal: { keptDays: 1 } }),
    close,
  };
}

const ENGINES: readonly (readonly [string, string | undefined, () => Promise<Engine>])[] = [
  [
    "embedded PostgreSQL",
    undefined,
    async () => {
      const pool = await embeddedPool();
      return onPostgres(pool, () => pool.end());
    },
  ],
  [
    "PostgreSQL",
    await postgresMissing(),
    async () => {
      const { url, drop } = await temporaryDatabase();
      const pool = new pg.Pool({ connectionString: url });
      return onPostgres(pool, async () => {
        await pool.end();
        await drop();
      });
    },
  ],
  [
    "MariaDB",
    await mysqlMissing(),
    async () => {
      const { pool, drop } = await temporaryMysql();
      return {
        moment: "datetime(3)",
        sql: async (statement) => (await pool.query(statement))[0] as never,
        connector: (mapped) =>
          mysqlConnector({ pool, tables: mapped, undo: { keptDays: 1 }, binlog: "off" }),
        close: drop,
      };
    },
  ],
];

describe.each(ENGINES)("bulk erasure on %s", (_name, missing, open) => {
  describe.skipIf(missing !== undefined)(missing ?? "there", () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open();
    });
    afterAll(() => engine.close());

    beforeEach(async () => {
      await engine.sql("drop table if exists bulk_parcel, bulk_order");
      await engine.sql(
        `create table bulk_order (id bigint primary key, openid varchar(40), text text, created_at ${engine.moment})`,
      );
      await engine.sql(
        `create table bulk_parcel (id integer primary key, order_id bigint, openid varchar(40), text text,
        created_at ${engine.moment}, foreign key (order_id) references bulk_order (id))`,
      );
    });

    async function plantOrders(rows: number): Promise<void> {
      for (let from = 0; from < rows; from += 1000) {
        const values = Array.from({ length: Math.min(1000, rows - from) }, (_, i) => {
          const n = from + i;
          return `(${FIRST_ID + BigInt(n)}, 'member-${n % 700}', 'text ${n}', '2026-10-01 00:00:00')`;
        });
        await engine.sql(`insert into bulk_order values ${values.join(", ")}`);
      }
    }
    const left = async (where = "true"): Promise<number> =>
      Number((await engine.sql(`select count(*) as n from bulk_order where ${where}`))[0]!["n"]);

    it("takes many rows in batches, whatever their keys", async () => {
      await plantOrders(3500);
      const { bulk } = engine.connector({ order: tables.order });
      expect(await bulk!.count(order, texts)).toEqual({ rows: 3500, persons: 700 });
      const batches = await collected(bulk!.erase(order, texts));
      expect(batches.length).toBeGreaterThan(1);
      expect(sum(batches)).toBe(3500);
      expect([await left("text is null"), await left()]).toEqual([3500, 3500]);
      expect(sum(await collected(bulk!.erase(order, everything)))).toBe(3500);
      expect(await left()).toBe(0);
    });

    it("WX-4.4.5b: loses nothing when it is stopped between two batches", async () => {
      await plantOrders(2500);
      const { bulk } = engine.connector({ order: tables.order });
      let first = 0;
      for await (const rows of bulk!.erase(order, texts)) {
        first = rows;
        break;
      }
      expect(await left("text is null")).toBe(first);
      expect(await bulk!.count(order, texts)).toMatchObject({ rows: 2500 - first });
      expect(sum(await collected(bulk!.erase(order, texts)))).toBe(2500 - first);
      expect(await bulk!.count(order, texts)).toEqual({ rows: 0, persons: 0 });
    });

    it("takes what was collected up to a moment, and what does not tell when", async () => {
      await engine.sql(
        `insert into bulk_order values (1, 'lin', 'before', '2026-10-31 12:00:00'), (2, 'lin', 'after', '2026-11-02 12:00:00'),
        (3, 'wang', 'never told', null)`,
      );
      const { bulk } = engine.connector({ order: tables.order });
      const until = new Date("2026-11-01T12:00:00Z");
      const selection = { ...texts, collected: { field: "createdAt", until } };
      expect(await bulk!.count(order, selection)).toEqual({ rows: 2, persons: 2 });
      expect(sum(await collected(bulk!.erase(order, selection)))).toBe(2);
      expect(await engine.sql("select text from bulk_order where text is not null")).toEqual([
        { text: "after" },
      ]);
    });

    it("refuses to compare a moment with what is none", async () => {
      await engine.sql("insert into bulk_order values (1, 'lin', 'some words', null)");
      const { bulk } = engine.connector({
        order: { ...tables.order, columns: { createdAt: "text" } },
      });
      const selection = { ...everything, collected: { field: "createdAt", until: new Date() } };
      const refusal = { code: "ERR_CONFIG_INVALID" };
      await expect(bulk!.count(order, selection)).rejects.toMatchObject(refusal);
      await expect(collected(bulk!.erase(order, selection))).rejects.toMatchObject(refusal);
      expect(await left()).toBe(1);
    });

    it("lets rows go of what it deletes", async () => {
      await engine.sql(
        "insert into bulk_order values (1, 'lin', 'one', null), (2, 'wang', 'two', null)",
      );
      await engine.sql("insert into bulk_parcel values (1, 1, 'lin', 'parcel', null)");
      const { bulk } = engine.connector(separate);
      expect(sum(await collected(bulk!.erase(order, everything)))).toBe(2);
      expect(await engine.sql("select order_id, text from bulk_parcel")).toEqual([
        { order_id: null, text: "parcel" },
      ]);
    });

    it("PIPL-47: keeps a row by way of which others are still found", async () => {
      await engine.sql(
        "insert into bulk_order values (1, 'lin', 'one', null), (2, 'wang', 'two', null)",
      );
      await engine.sql("insert into bulk_parcel values (1, 1, null, 'parcel', null)");
      const { bulk } = engine.connector(tables);
      expect(sum(await collected(bulk!.erase(order, everything)))).toBe(1);
      expect(await bulk!.count(order, everything)).toEqual({ rows: 1, persons: 1 });
      expect(sum(await collected(bulk!.erase(parcel, everything)))).toBe(1);
      expect(sum(await collected(bulk!.erase(order, everything)))).toBe(1);
      expect(await left()).toBe(0);
    });
  });
});

async function collected(batches: AsyncIterable<number>): Promise<readonly number[]> {
  const all: number[] = [];
  for await (const rows of batches) all.push(rows);
  return all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
