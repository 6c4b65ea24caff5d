import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import {
  mysqlConnector,
  type MysqlPool,
  postgresConnector,
  type QueryPool,
  type SqlConnector,
  type TableMapping,
} from "@miniprivacy/node";
import { type ConnectorUnderContract, connectorContract } from "@miniprivacy/node/testing";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { connectOrders } from "../../docs/examples/guides/connect-hops.ts";
import { mysqlMissing, temporaryMysql } from "../support/mysql-server.ts";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";
import { embeddedPool, hopStore, mysqlHopStore } from "./connector-stores.ts";
import { policy } from "./note-policy.ts";

type Tables = { readonly [record: string]: TableMapping };
type Row = { readonly [column: string]: unknown };

/** A database of its own, spoken to in the SQL that all of them understand. */
interface Engine {
  sql(text: string): Promise<readonly Row[]>;
  connector(tables: Tables): SqlConnector;
  /** What connectors have asked since the last time. */
  asked(): readonly (readonly [text: string, values: readonly unknown[]])[];
  /** Whether carrying a statement out reads any table from end to end. */
  readsAll(text: string, values: readonly unknown[]): Promise<boolean>;
  dropAll(): Promise<void>;
  contract(tenants: boolean, erase: "row" | "columns"): Promise<ConnectorUnderContract>;
  close(): Promise<void>;
}

const recordOf = (name: string) =>
  personalRecord(policy, name, {
    id: plain(z.number()),
    memberId: subject(z.string()),
    text: personal("note", z.string()),
  });
const order = recordOf("order");
const member = recordOf("member");
const parcel = recordOf("parcel");
const address = recordOf("address");
const comment = recordOf("comment");

const toMember = ["member_id", "member.openid"] as const;
const tables = {
  member: { table: "member", key: "id", subject: "openid" },
  order: { table: "t_order", key: "id", subject: toMember },
  parcel: {
    table: "parcel",
    key: "id",
    subject: ["order_id", "t_order.member_id", "member.openid"] as const,
  },
  address: { table: "address", key: "id", subject: toMember },
  comment: { table: "note_comment", key: "id", subject: "openid" },
} satisfies Tables;

/** Without what leads through orders. */
const shop = { member: tables.member, order: tables.order } satisfies Tables;

const lin = { tenant: "", subjectId: "lin" };
const wang = { tenant: "", subjectId: "wang" };
const config = { code: "ERR_CONFIG_INVALID" };
const unavailable = { code: "ERR_STORE_UNAVAILABLE" };
const naming = (name: string) => ({ ...config, message: expect.stringContaining(name) });

describe("mappings with hops", () => {
  const pool = { query: async () => ({ rows: [] }), execute: async () => [[], undefined] } as never;
  const made = [
    [
      "postgresConnector",
      (own: Tables) => postgresConnector({ pool, tables: own, wal: { keptDays: 0 } }),
    ],
    [
      "mysqlConnector",
      (own: Tables) => mysqlConnector({ pool, tables: own, undo: { keptDays: 0 }, binlog: "off" }),
    ],
  ] as const;

  it("are erased in the order the guide's example needs", () => {
    expect(connectOrders(pool).records).toEqual(["parcel", "order", "member"]);
  });

  describe.each(made)("%s", (_name, connect) => {
    it("WX-4.4.7b: have the tables that others lead through erased after those", () => {
      expect(connect(tables).records).toEqual(["parcel", "order", "address", "member", "comment"]);
    });

    it.each([
      ["each other's tables", { a: ["b_id", "b.x"], b: ["a_id", "a.x"] }],
      ["their own table", { a: ["parent_id", "a.x"] }],
      ["a circle of three", { a: ["b_id", "b.x"], b: ["c_id", "s.c.x"], c: ["a_id", "A.x"] }],
    ])("are refused where they lead through %s", (_case, subjects) => {
      const own = Object.entries(subjects).map(([table, subject]) => [
        table,
        { table, key: "id", subject },
      ]);
      expect(() => connect(Object.fromEntries(own))).toThrow(expect.objectContaining(config));
    });

    it.each(["member", ".openid", "member.", "a.b.c.d", "member().openid", "member(id.openid)."])(
      "take no step that is none: %s",
      (step) => {
        const own = { order: { ...tables.order, subject: ["member_id", step] as const } };
        expect(() => connect(own)).toThrow(TypeError);
      },
    );

    const between = { table: "conversation", key: "id" };
    it.each<[string, Tables]>([
      [
        "rows",
        {
          a: { ...between, subject: "member_a", erase: "columns" },
          b: { ...between, subject: "member_b" },
        },
      ],
      [
        "the column both subjects are found by",
        {
          a: { ...between, subject: ["room_id", "room.guest"], erase: "columns" },
          b: { ...between, subject: ["room_id", "room.host"], erase: "columns" },
        },
      ],
    ])("PIPL-47: erase no %s that are another subject's too", (_case, own) => {
      expect(() => connect(own)).toThrow(expect.objectContaining(config));
    });
  });
});

describe.each([
  ["the embedded database", undefined, embedded],
  ["PostgreSQL", await postgresMissing(), postgres],
  ["MariaDB", await mysqlMissing(), mysql],
] as const)("hops on %s", (name, missing, open) => {
  describe.skipIf(missing !== undefined)(missing ?? "there", () => {
    let engine: Engine;
    const sql = (...texts: readonly string[]) =>
      texts.reduce<Promise<readonly Row[]>>(
        (before, text) => before.then(() => engine.sql(text)),
        Promise.resolve([]),
      );
    const ids = async (table: string): Promise<readonly number[]> =>
      (await sql(`select id from ${table} order by id`)).map(({ id }) => Number(id));
    const connect = (own: Tables): SqlConnector => engine.connector(own);

    beforeAll(async () => void (engine = await open()));
    afterAll(() => engine.close());

    /** `member_id` leads to a member; orders 1 and 2 are Lin's, 3 is Wang's. */
    beforeEach(async () => {
      await engine.dropAll();
      await sql(
        "create table member (id int primary key, openid varchar(64), text varchar(20))",
        "create index member_openid on member (openid)",
        "create table t_order (id int primary key, member_id int, tenant varchar(20), text varchar(20))",
        "create index order_member on t_order (member_id)",
        "create table parcel (id int primary key, order_id int, text varchar(20))",
        "create index parcel_order on parcel (order_id)",
        "insert into member values (10, 'lin', 'hers'), (20, 'wang', 'his')",
        "insert into t_order values (1, 10, 'north', 'a'), (2, 10, 'south', 'b'), (3, 20, 'north', 'c')",
        "insert into parcel values (7, 1, 'p'), (8, 3, 'q'), (9, null, 'r')",
      );
    });

    describe.each([
      [false, "row"],
      [true, "row"],
      [false, "columns"],
    ] as const)("keep the contract, tenants apart: %s, erasing: %s", (tenants, erase) => {
      it.each(connectorContract(() => engine.contract(tenants, erase)))(
        "$name",
        async ({ run }) => {
          await expect(run()).resolves.toBeUndefined();
        },
      );
    });

    describe("by way of one table", () => {
      it("WX-4.4.7b: find, count and erase a person's rows and nobody else's", async () => {
        const connector = connect(shop);
        expect(await connector.count(order, lin)).toBe(2);
        expect(await connector.find(order, wang)).toEqual([{ id: 3, memberId: "wang", text: "c" }]);
        await connector.erase(order, lin);
        expect(await connector.find(order, lin)).toEqual([]);
        expect(await ids("t_order")).toEqual([3]);
        expect(await ids("member")).toEqual([10, 20]);
      });

      it("WX-4.4.7a: correct a person's row and nobody else's, and move none", async () => {
        const connector = connect(tables);
        expect(await connector.rectify(order, lin, "1", { text: "new" })).toBe(true);
        expect(await connector.rectify(order, lin, "3", { text: "new" })).toBe(false);
        expect(await sql("select text from t_order order by id")).toEqual([
          { text: "new" },
          { text: "b" },
          { text: "c" },
        ]);
        const moving = { ...tables, order: { ...tables.order, columns: { text: "member_id" } } };
        await expect(
          connect(moving).rectify(order, lin, "1", { text: "20" }),
        ).rejects.toMatchObject({ code: "ERR_INPUT_INVALID" });
      });

      it("WX-4.4.7b: touch no row of another tenant", async () => {
        const own = { order: { ...tables.order, tenant: "tenant" } };
        const north = { tenant: "north", subjectId: "lin" };
        expect(await connect(own).find(order, north)).toMatchObject([{ id: 1 }]);
        await connect(own).erase(order, north);
        expect(await ids("t_order")).toEqual([2, 3]);
        expect((await connect(own).describe("order")).selector).toBe(
          "t_order.member_id -> member.openid = {subjectId} and t_order.tenant = {tenant}",
        );
      });

      it.each([
        ["columns", null],
        [{ set: { memberId: 0, text: "-" } }, 0],
      ] as const)("WX-4.4.7b: un-link rows that stay: %j", async (erase, unlinked) => {
        const connector = connect({ order: { ...tables.order, erase } });
        await connector.erase(order, lin);
        expect(await sql("select member_id from t_order order by id")).toEqual([
          { member_id: unlinked },
          { member_id: unlinked },
          { member_id: 20 },
        ]);
        expect(await connector.count(order, lin)).toBe(0);
      });

      it("erase fields of rows that stay hers", async () => {
        const connector = connect(tables);
        await connector.eraseFields(order, lin, ["text"]);
        expect(await connector.find(order, lin)).toMatchObject([{ text: null }, { text: null }]);
        expect(await connector.find(order, wang)).toMatchObject([{ text: "c" }]);
      });
    });

    describe("by way of several tables", () => {
      it("WX-4.4.7b: find and erase a person's rows and nobody else's", async () => {
        const connector = connect(tables);
        expect((await connector.describe("parcel")).selector).toBe(
          "parcel.order_id -> t_order.member_id -> member.openid = {subjectId}",
        );
        expect(await connector.find(parcel, lin)).toMatchObject([{ id: 7 }]);
        await connector.erase(parcel, lin);
        expect(await ids("parcel")).toEqual([8, 9]);
      });

      it("WX-4.4.7b: leave nothing behind, whatever order they are named in", async () => {
        const connector = connect(tables);
        await sql(
          "create table address (id int primary key, member_id int, text varchar(20))",
          "create table note_comment (id int primary key, openid varchar(64), text varchar(20))",
        );
        for (const record of connector.records) await connector.erase(recordOf(record), lin);
        expect([await ids("parcel"), await ids("t_order"), await ids("member")]).toEqual([
          [8, 9],
          [3],
          [20],
        ]);
      });
    });

    describe("what a row is referred to by", () => {
      const byNumber = {
        order: { ...tables.order, subject: ["member_no", "member.openid"] },
      } as never;
      beforeEach(() =>
        sql(
          "alter table member add no int",
          "update member set no = 30 - id",
          "alter table t_order add member_no int",
          "update t_order set member_no = 30 - member_id",
        ),
      );

      it("is the primary key where nothing else is said", async () => {
        expect(await connect(byNumber).find(order, lin)).toMatchObject([{ id: 3 }]);
      });

      it("is what the foreign key says", async () => {
        await sql(
          "alter table member add unique (no)",
          "alter table t_order add foreign key (member_no) references member (no)",
        );
        expect(await connect(byNumber).find(order, lin)).toMatchObject([{ id: 1 }, { id: 2 }]);
      });

      it("is what the mapping says, if it is unique", async () => {
        const said = {
          order: { ...tables.order, subject: ["member_no", "member(no).openid"] as const },
        };
        await sql("create index any_member_no on member (no)");
        await expect(connect(said).find(order, lin)).rejects.toMatchObject(
          naming("t_order.member_no"),
        );
        await sql("create unique index member_no on member (no)");
        expect(await connect(said).find(order, lin)).toMatchObject([{ id: 1 }, { id: 2 }]);
      });

      it("WX-4.4.7b: is no part of a key: two tenants may have it", async () => {
        await sql(
          "create table account (tenant varchar(20), id int, openid varchar(64), primary key (id, tenant))",
          "insert into account values ('north', 10, 'wang'), ('south', 10, 'lin')",
        );
        const own = {
          order: { ...tables.order, subject: ["member_id", "account.openid"] as const },
        };
        for (const subject of [own.order.subject, ["member_id", "account(id).openid"] as const]) {
          const connector = connect({ order: { ...own.order, subject } });
          await expect(connector.find(order, lin)).rejects.toMatchObject(config);
          await expect(connector.erase(order, lin)).rejects.toMatchObject(config);
        }
      });
    });

    describe("a table that others lead through", () => {
      it.each(["row", "columns"] as const)(
        "WX-4.4.7c: keeps a row while others lead to it (%s)",
        async (erase) => {
          const connector = connect({ ...shop, member: { ...shop.member, erase } });
          await expect(connector.erase(member, lin)).rejects.toMatchObject({
            ...unavailable,
            message: expect.stringContaining("t_order"),
          });
          expect(await connector.count(order, lin)).toBe(2);
          expect(await connector.find(member, lin)).toMatchObject([{ id: 10, text: "hers" }]);
          await connector.erase(order, lin);
          await connector.erase(member, lin);
          expect(await connector.count(member, lin)).toBe(0);
          expect(await connector.count(member, wang)).toBe(1);
        },
      );

      it("WX-4.4.7c: keeps a row that is led to through one nobody mapped", async () => {
        const connector = connect({ member: tables.member, parcel: tables.parcel });
        await expect(connector.erase(member, lin)).rejects.toMatchObject(unavailable);
        expect(await connector.count(parcel, lin)).toBe(1);
        await connector.erase(parcel, lin);
        await connector.erase(member, lin);
        expect(await ids("member")).toEqual([20]);
      });

      it("WX-4.4.7c: stays linked itself while others lead through it", async () => {
        const connector = connect({
          order: { ...tables.order, erase: "columns" },
          parcel: tables.parcel,
        });
        await expect(connector.erase(order, lin)).rejects.toMatchObject(unavailable);
        expect(await connector.count(parcel, lin)).toBe(1);
        // Nothing leads to her other order.
        expect(await connector.find(order, lin)).toMatchObject([{ id: 1, text: "a" }]);
        await connector.erase(parcel, lin);
        await connector.erase(order, lin);
        expect(await connector.count(order, lin)).toBe(0);
        expect(await ids("t_order")).toEqual([1, 2, 3]);
      });

      it("lets go of a column that nobody is found by", async () => {
        await sql(
          "alter table member add unionid varchar(64)",
          "update member set unionid = openid",
        );
        const connector = connect({
          member: { ...tables.member, erase: "columns" },
          order: { ...tables.order, subject: ["member_id", "member.unionid"] },
        });
        await connector.erase(member, lin);
        expect(await connector.count(member, lin)).toBe(0);
        expect(await connector.count(order, lin)).toBe(2);
      });

      it("erases other fields of a row at any time", async () => {
        const connector = connect(tables);
        await connector.eraseFields(member, lin, ["text"]);
        expect(await connector.find(member, lin)).toMatchObject([{ text: null }]);
      });
    });

    describe("foreign keys", () => {
      const items = (rule: string) =>
        sql(
          `create table order_item (id int primary key, order_id int, foreign key (order_id) references t_order (id) ${rule})`,
          "create table item_note (id int primary key, item_id int, foreign key (item_id) references order_item (id) on delete cascade)",
          "insert into order_item values (100, 1), (101, 3)",
          "insert into item_note values (200, 100), (201, 101)",
        );
      const withItems = (...cascades: readonly string[]) =>
        connect({ order: { ...tables.order, cascades } });

      it("WX-4.4.7b: take no rows with them that nobody told of", async () => {
        await items("on delete cascade");
        await expect(withItems().erase(order, lin)).rejects.toMatchObject(naming("order_item"));
        await expect(withItems("order_item").erase(order, lin)).rejects.toMatchObject(
          naming("item_note"),
        );
        await expect(
          withItems("order_item", "item_note", "parcel").erase(order, lin),
        ).rejects.toMatchObject(naming("parcel"));
        expect(await ids("t_order")).toEqual([1, 2, 3]);
      });

      it("WX-4.4.7c: take the rows with them that are hers alone, and leave none of those in their pages", async () => {
        await items("on delete cascade");
        const connector = withItems("order_item", "item_note");
        engine.asked();
        await connector.erase(order, lin);
        expect([await ids("order_item"), await ids("item_note")]).toEqual([[101], [201]]);
        expect((await connector.describe("order")).technique).toMatch(
          /^DELETE \(ON DELETE CASCADE: order_item, item_note\)/,
        );
        if (name !== "MariaDB") {
          const vacuumed = engine.asked().filter(([text]) => text.startsWith("vacuum"));
          for (const table of ["t_order", "order_item", "item_note"])
            expect(vacuumed.some(([text]) => text.includes(`"${table}"`))).toBe(true);
        }
      });

      it("forbid it where they forbid it, and nothing is gone", async () => {
        await items("");
        await expect(withItems().erase(order, lin)).rejects.toMatchObject(config);
        expect(await ids("t_order")).toEqual([1, 2, 3]);
      });

      it("PIPL-47: un-link rows of tables nobody mapped, where they say so", async () => {
        await items("on delete set null");
        await withItems().erase(order, lin);
        expect(await sql("select order_id from order_item order by id")).toEqual([
          { order_id: null },
          { order_id: 3 },
        ]);
      });

      it("WX-4.4.7b: take no row of another subject with them", async () => {
        await sql(
          "create table note_comment (id int primary key, openid varchar(64), text varchar(20), order_id int not null, foreign key (order_id) references t_order (id) on delete cascade)",
          "insert into note_comment values (5, 'lin', 'x', 1), (6, 'wang', 'y', 2)",
        );
        const connector = connect({ order: tables.order, comment: tables.comment });
        await expect(connector.erase(order, lin)).rejects.toMatchObject(unavailable);
        expect(await ids("note_comment")).toEqual([5, 6]);
        await connector.erase(comment, lin);
        await expect(connector.erase(order, lin)).rejects.toMatchObject(unavailable);
        expect([await ids("note_comment"), await ids("t_order")]).toEqual([[6], [2, 3]]);
      });

      it.each(["on delete set null", "on delete cascade on update cascade"])(
        "WX-4.4.7c: lose no row they say the subject of (%s)",
        async (rule) => {
          await sql(
            "create unique index one_openid on member (openid)",
            `create table note_comment (id int primary key, openid varchar(64), text varchar(20), foreign key (openid) references member (openid) ${rule})`,
            "insert into note_comment values (5, 'lin', 'x'), (6, 'wang', 'y')",
          );
          for (const erase of ["row", "columns"] as const) {
            const connector = connect({
              member: { ...tables.member, erase },
              comment: tables.comment,
            });
            await expect(connector.erase(member, lin)).rejects.toMatchObject(unavailable);
            expect(await connector.count(comment, lin)).toBe(1);
          }
          const connector = connect({ member: tables.member, comment: tables.comment });
          await connector.erase(comment, lin);
          await connector.erase(member, lin);
          expect([await ids("note_comment"), await ids("member")]).toEqual([[6], [20]]);
        },
      );

      it("WX-4.4.7b: that go in a circle let go of a person's own rows", async () => {
        await sql(
          "create table address (id int primary key, member_id int not null, text varchar(20), foreign key (member_id) references member (id))",
          "alter table member add address_id int",
          "alter table member add foreign key (address_id) references address (id)",
          "insert into address values (50, 10, 'x'), (51, 20, 'y')",
          "update member set address_id = id + 40 where id = 10",
          "update member set address_id = 51 where id = 20",
          "insert into member values (11, 'lin', 'hers', 51)",
        );
        const connector = connect({ member: tables.member, address: tables.address });
        await connector.erase(address, lin);
        expect(await sql("select address_id from member order by id")).toEqual([
          { address_id: null },
          { address_id: 51 },
          { address_id: 51 },
        ]);
        await connector.erase(member, lin);
        expect(await sql("select id, address_id from member")).toEqual([
          { id: 20, address_id: 51 },
        ]);
        expect(await ids("address")).toEqual([51]);
      });

      it("let go of no row of another subject", async () => {
        await sql(
          "create table address (id int primary key, member_id int, text varchar(20))",
          "alter table member add address_id int",
          "alter table member add foreign key (address_id) references address (id)",
          "insert into address values (50, 10, 'x')",
          "update member set address_id = 50",
        );
        const connector = connect({ member: tables.member, address: tables.address });
        await expect(connector.erase(address, lin)).rejects.toMatchObject(config);
        expect(await sql("select address_id from member where id = 20")).toEqual([
          { address_id: 50 },
        ]);
      });

      describe("of a table to itself", () => {
        const comments = (rule: string, nullable = "") =>
          sql(
            `create table note_comment (id int primary key, openid varchar(64), text varchar(20), parent_id int ${nullable}, foreign key (parent_id) references note_comment (id) ${rule})`,
            "insert into note_comment values (1, 'lin', 'a', 1)",
            "insert into note_comment values (2, 'lin', 'b', 1)",
            "insert into note_comment values (3, 'lin', 'c', 2)",
            "insert into note_comment values (4, 'wang', 'd', 4)",
          );
        const connector = (...cascades: readonly string[]) =>
          connect({ comment: { ...tables.comment, cascades } });

        it.each(["", "on delete set null"])(
          "WX-4.4.7b: stop no row of hers that another of hers refers to (%s)",
          async (rule) => {
            await comments(rule);
            await connector().erase(comment, lin);
            expect(await ids("note_comment")).toEqual([4]);
          },
        );

        it("forbid it where another's row refers to hers", async () => {
          await comments("");
          await sql("insert into note_comment values (5, 'wang', 'e', 3)");
          await expect(connector().erase(comment, lin)).rejects.toMatchObject(config);
          expect(await ids("note_comment")).toEqual([1, 2, 3, 4, 5]);
        });

        it("take rows with them only where the mapping says so", async () => {
          await comments("on delete cascade");
          await sql("insert into note_comment values (5, 'wang', 'e', 3)");
          await expect(connector().erase(comment, lin)).rejects.toMatchObject(
            naming("note_comment"),
          );
          expect(await ids("note_comment")).toEqual([1, 2, 3, 4, 5]);
          await connector("note_comment").erase(comment, lin);
          expect(await ids("note_comment")).toEqual([4]);
        });
      });
    });

    it("PIPL-47: a row of two people is un-linked from the one and stays the other's", async () => {
      await sql(
        "create table conversation (id int primary key, member_a varchar(64), nick_a varchar(20), member_b varchar(64), nick_b varchar(20))",
        "insert into conversation values (1, 'lin', 'L', 'wang', 'W'), (2, 'wang', 'W', 'lin', 'L')",
      );
      const between = { table: "conversation", key: "id", erase: "columns" } as const;
      const connector = connect({
        order: { ...between, subject: "member_a", columns: { text: "nick_a" } },
        parcel: { ...between, subject: "member_b", columns: { text: "nick_b" } },
      });
      for (const record of [order, parcel]) await connector.erase(record, lin);
      expect(await sql("select * from conversation order by id")).toEqual([
        { id: 1, member_a: null, nick_a: null, member_b: "wang", nick_b: "W" },
        { id: 2, member_a: "wang", nick_a: "W", member_b: null, nick_b: null },
      ]);
    });

    it("names the columns that no index begins with", async () => {
      const indexed = { parcel: tables.parcel, order: tables.order, member: tables.member };
      expect(await connect(indexed).missingIndexes()).toEqual([]);
      await sql(
        "create table plain_order (id int primary key, member_id int, tenant varchar(20))",
        "create table plain_member (id int primary key, name varchar(20), openid varchar(64))",
        "create index name_openid on plain_member (name, openid)",
        "create index id_member on plain_order (id, member_id)",
        "create index tenant_id on plain_order (tenant, id)",
      );
      const subject = ["member_id", "plain_member.openid"] as const;
      const connector = connect({
        order: { table: "plain_order", key: "id", subject, tenant: "tenant" },
      });
      expect(await connector.missingIndexes()).toEqual([
        "plain_order.member_id",
        "plain_member.openid",
      ]);
      await sql("create index tenant_member on plain_order (tenant, member_id)");
      expect(await connector.missingIndexes()).toEqual(["plain_member.openid"]);
    });

    it("is served by the indexes, whatever is asked of it", async () => {
      const numbers = Array.from({ length: 4000 }, (_, i) => i + 1000);
      const rows = (of: (n: number) => string): string => numbers.map(of).join(", ");
      await sql(
        `insert into member values ${rows((n) => `(${n}, 'm${n}', 'x')`)}`,
        `insert into t_order values ${rows((n) => `(${n}, ${n}, 'north', 'x')`)}`,
        `insert into parcel values ${rows((n) => `(${n}, ${n}, 'x')`)}`,
      );
      const own = { parcel: tables.parcel, order: tables.order, member: tables.member };
      const one = { tenant: "", subjectId: "m2000" };
      engine.asked();
      for (const record of [parcel, order, member]) {
        await connect(own).find(record, one);
        await connect(own).count(record, one);
        await connect(own).rectify(record, one, "2000", { text: "y" });
        await connect(own).eraseFields(record, one, ["text"]);
      }
      for (const record of [parcel, order, member]) await connect(own).erase(record, one);
      const asked = engine.asked().filter(([text]) => text.includes(" as target"));
      expect(asked.length).toBeGreaterThan(16);
      const slow: string[] = [];
      for (const [text, values] of asked) if (await engine.readsAll(text, values)) slow.push(text);
      expect(slow).toEqual([]);
    });
  });
});

/** A recording of what is asked through a pool. */
function recorder() {
  let said: (readonly [text: string, values: readonly unknown[]])[] = [];
  return {
    record: (text: string, values: readonly unknown[] = []) => void said.push([text, values]),
    asked() {
      const before = said;
      said = [];
      return before;
    },
  };
}

async function embedded(): Promise<Engine> {
  const pool = await embeddedPool();
  return onPostgres(pool, () => pool.end());
}

async function postgres(): Promise<Engine> {
  const { url, drop } = await temporaryDatabase();
  const pool = new pg.Pool({ connectionString: url });
  return onPostgres(pool, async () => {
    await pool.end();
    await drop();
  });
}

function onPostgres(pool: QueryPool, close: () => Promise<void>): Engine {
  const { record, asked } = recorder();
  const recording: QueryPool = {
    query(text, values) {
      record(text.trim(), values);
      return pool.query(text, values);
    },
  };
  return {
    sql: async (text) => (await pool.query(text)).rows,
    connector: (own) => postgresConnector({ pool: recording, tables: own, wal: { keptDays: 0 } }),
    asked,
    async readsAll(text, values) {
      await pool.query("analyze");
      const { rows } = await pool.query(`explain ${text}`, [...values]);
      return JSON.stringify(rows).includes("Seq Scan");
    },
    dropAll: async () => {
      await pool.query("drop schema public cascade");
      await pool.query("create schema public");
    },
    contract: (tenants, erase) => hopStore(pool, tenants, erase),
    close,
  };
}

async function mysql(): Promise<Engine> {
  const { pool, drop } = await temporaryMysql();
  const { record, asked } = recorder();
  const recording: MysqlPool = {
    execute(text, values) {
      record(text.trim(), values);
      return pool.execute(text, values);
    },
  };
  const sql = async (text: string): Promise<readonly Row[]> =>
    (await pool.query(text))[0] as readonly Row[];
  return {
    sql,
    connector: (own) =>
      mysqlConnector({ pool: recording, tables: own, undo: { keptDays: 0 }, binlog: "off" }),
    asked,
    async readsAll(text, values) {
      await pool.query("analyze table member, t_order, parcel");
      const [plan] = await pool.query(`explain ${text}`, [...values]);
      return (plan as { type: string }[]).some(({ type }) => type === "ALL" || type === "index");
    },
    async dropAll() {
      const found = await sql(
        "select table_name as name from information_schema.tables where table_schema = database()",
      );
      const connection = await pool.getConnection();
      await connection.query("set foreign_key_checks = 0");
      for (const { name } of found) await connection.query(`drop table ${name as string}`);
      await connection.query("set foreign_key_checks = 1");
      connection.release();
    },
    contract: (tenants, erase) => mysqlHopStore(pool, tenants, erase),
    close: drop,
  };
}
