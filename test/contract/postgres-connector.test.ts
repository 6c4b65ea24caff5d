import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { postgresConnector, type QueryPool, type RecordRow } from "@miniprivacy/node";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { policy } from "./note-policy.ts";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";

const record = personalRecord(policy, "note", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("note", z.string()),
  tags: personal("note", z.array(z.string())),
  extra: personal("note", z.object({})),
});
const note = { table: "notes", key: "id", subject: "member_id" };
const of = (subjectId: string) => ({ tenant: "", subjectId });
const config = { code: "ERR_CONFIG_INVALID" };
const unavailable = { code: "ERR_STORE_UNAVAILABLE" };

describe("postgresConnector", () => {
  const pool: QueryPool = { query: async () => ({ rows: [] }) };
  const tables = { note };

  it.each([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, "7"])(
    "takes no keptDays that is no whole number of days: %s",
    (days) => {
      const keptDays = days as number;
      const make = (options: object) => (): unknown =>
        postgresConnector({ pool, tables, wal: { keptDays: 0 }, ...options });
      expect(make({ wal: { keptDays } })).toThrow(expect.objectContaining(config));
      expect(make({ vacuum: { keptDays } })).toThrow(expect.objectContaining(config));
      expect(make({})).not.toThrow();
    },
  );

  it.each(["table", "key", "subject", "tenant"])("takes no %s that cannot be a name", (part) => {
    for (const name of ["", "a\0b", "x".repeat(64)])
      expect(() =>
        postgresConnector({
          pool,
          tables: { note: { ...note, [part]: name } },
          wal: { keptDays: 0 },
        }),
      ).toThrow(TypeError);
  });

  it("names what it leaves behind, and until when", async () => {
    const at = new Date("2026-11-24T00:00:00.000Z");
    const kept = { pool, tables, vacuum: { keptDays: 1 }, wal: { keptDays: 7 } };
    expect(await postgresConnector(kept).remnants(record, at)).toEqual([
      { where: "dead rows", until: "2026-11-25T00:00:00.000Z" },
      { where: "write-ahead log", until: "2026-12-01T00:00:00.000Z" },
    ]);
    const nothing = postgresConnector({ pool, tables, wal: { keptDays: 0 } });
    expect(await nothing.remnants(record, at)).toEqual([]);
  });
});

const missing = await postgresMissing();
describe.skipIf(missing !== undefined)(
  `postgresConnector on PostgreSQL${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let pool: pg.Pool;
    let url: string;
    let drop: () => Promise<void>;
    beforeAll(async () => {
      ({ url, drop } = await temporaryDatabase());
      pool = new pg.Pool({ connectionString: url });
    });
    afterAll(async () => {
      await pool.end();
      await drop();
    });

    async function table(memberType: string): Promise<void> {
      await pool.query("drop table if exists notes");
      await pool.query(
        `create table notes (id bigint primary key, member_id ${memberType}, text text, tags text[], extra jsonb)`,
      );
    }
    beforeEach(() => table("text"));
    const plant = (id: number, member: unknown, text = "secret-note"): Promise<unknown> =>
      pool.query("insert into notes values ($1, $2, $3, '{a}', '{}')", [id, member, text]);
    const connectorOf = (options: object = {}) =>
      postgresConnector({ pool, tables: { note }, wal: { keptDays: 0 }, ...options });

    describe("rows that stay", () => {
      const row = async (id: number): Promise<unknown> =>
        (await pool.query("select * from notes where id = $1", [id])).rows[0];
      const keeping = (erase: object | string, more: object = {}) =>
        connectorOf({ tables: { note: { ...note, erase } }, ...more });

      it("WX-4.4.7b: hold nothing of the person any more, and those of others all they held", async () => {
        await plant(1, "lin");
        await plant(2, "wang");
        const connector = keeping("columns");
        await connector.erase(record, of("lin"));
        expect(await row(1)).toEqual({
          id: "1",
          member_id: null,
          text: null,
          tags: null,
          extra: null,
        });
        expect(await row(2)).toMatchObject({ member_id: "wang", text: "secret-note", tags: ["a"] });
        expect(await connector.count(record, of("lin"))).toBe(0);
        expect((await connector.describe("note")).technique).toMatch(/^UPDATE of personal columns/);
      });

      it("hold the values that were given for what must not be empty", async () => {
        await pool.query("alter table notes alter member_id set not null, alter tags set not null");
        await plant(1, "lin");
        const set = { memberId: "nobody", tags: ["erased"] };
        await keeping({ set }).erase(record, of("lin"));
        expect(await row(1)).toEqual({
          id: "1",
          member_id: "nobody",
          text: null,
          tags: ["erased"],
          extra: null,
        });
      });

      it("are not erased in part: what may not be empty stops it, and it is said", async () => {
        await pool.query("alter table notes alter text set not null");
        await plant(1, "lin");
        await expect(keeping("columns").erase(record, of("lin"))).rejects.toMatchObject(config);
        expect(await row(1)).toMatchObject({ member_id: "lin", text: "secret-note" });
      });

      it("PIPL-47: lose the fields they were asked to, and hold what the mapping calls blank", async () => {
        await pool.query("alter table notes alter text set not null");
        await plant(1, "lin");
        await plant(2, "wang");
        const blank = { text: "-" };
        const connector = connectorOf({ tables: { note: { ...note, blank } } });
        await connector.eraseFields(record, of("lin"), ["text", "extra"]);
        expect(await row(1)).toEqual({
          id: "1",
          member_id: "lin",
          text: "-",
          tags: ["a"],
          extra: null,
        });
        expect(connector.blankValues(record)).toEqual(blank);
        expect(await row(2)).toMatchObject({ text: "secret-note" });
        const forbidden = connectorOf().eraseFields(record, of("wang"), ["text"]);
        await expect(forbidden).rejects.toMatchObject(config);
      });

      it.each(["id", "memberId", "constructor"])("are blank in no %s", async (field) => {
        await plant(1, "lin");
        const connector = connectorOf({ tables: { note: { ...note, blank: { [field]: "7" } } } });
        const erasing = connector.eraseFields(record, of("lin"), ["text"]);
        await expect(erasing).rejects.toMatchObject(config);
        expect(await row(1)).toMatchObject({ text: "secret-note" });
      });

      it.each(["id", "closedAt", "constructor"])("take no value for %s", async (field) => {
        await plant(1, "lin");
        const erasing = keeping({ set: { [field]: 7 } }).erase(record, of("lin"));
        await expect(erasing).rejects.toMatchObject(config);
        expect(await row(1)).toMatchObject({ id: "1", member_id: "lin" });
      });
    });

    describe("many rows", () => {
      const plantMany = (count: number): Promise<unknown> =>
        pool.query(
          "insert into notes select i, 'lin', 'secret-note', '{a}', '{}' from generate_series(1, $1::int) i",
          [count],
        );

      /** A pool that tells what rows each statement changed. */
      function counting(): { readonly pool: QueryPool; readonly changed: number[] } {
        const changed: number[] = [];
        return {
          changed,
          pool: {
            async query(text, values) {
              const { rows, rowCount, command } = await pool.query(text, values);
              if (text.startsWith("with changed")) changed.push(Number(rows[0].changed));
              if (command === "DELETE" || command === "UPDATE") changed.push(rowCount!);
              return { rows };
            },
          },
        };
      }

      it.each(["row", "columns"])("WX-4.4.7b: are erased in batches (%s)", async (erase) => {
        await plantMany(12_500);
        await pool.query("insert into notes values (0, 'wang', 'hers')");
        const { pool: counted, changed } = counting();
        const tables = { note: { ...note, erase } };
        const connector = connectorOf({ pool: counted, tables, vacuum: { keptDays: 0 } });
        await connector.erase(record, of("lin"));
        expect(await connector.count(record, of("lin"))).toBe(0);
        expect(await connector.find(record, of("wang"))).toMatchObject([{ text: "hers" }]);
        expect(changed.reduce((sum, rows) => sum + rows)).toBe(12_500);
        expect(changed[0]).toBe(1000);
        expect(Math.max(...changed)).toBeLessThanOrEqual(10_000);
        expect(changed.at(-1)).toBe(0);
      });

      it("that move or come meanwhile are erased as well", async () => {
        await plantMany(3000);
        let asked = 0;
        const moving: QueryPool = {
          async query(text, values) {
            if (text.startsWith("with changed") && asked++ === 1) {
              await pool.query("update notes set text = 'moved'");
              await pool.query("insert into notes values (0, 'lin', 'came')");
            }
            return pool.query(text, values);
          },
        };
        await connectorOf({ pool: moving }).erase(record, of("lin"));
        expect((await pool.query("select from notes")).rowCount).toBe(0);
      });

      it("of a view are erased as well", async () => {
        await plantMany(1500);
        await pool.query("create view own_notes as select * from notes");
        const tables = { note: { ...note, table: "own_notes" } };
        await connectorOf({ tables, vacuum: { keptDays: 0 } }).erase(record, of("lin"));
        expect((await pool.query("select from notes")).rowCount).toBe(0);
        await pool.query("drop view own_notes");
      });

      it("that are there again after every change keep nobody busy for ever", async () => {
        await plantMany(1500);
        await pool.query(
          "create function again() returns trigger language plpgsql as 'begin return old; end'",
        );
        await pool.query(
          "create trigger again before update on notes for each row execute function again()",
        );
        await connectorOf({ vacuum: { keptDays: 0 } }).eraseFields(record, of("lin"), ["text"]);
        expect(await connectorOf().find(record, of("lin"))).toHaveLength(1500);
        await pool.query("drop function again cascade");
      });

      it("that others lead to stay, and it is said", async () => {
        await plantMany(1500);
        await pool.query("drop table if exists replies");
        await pool.query(
          "create table replies (id int primary key, note_id bigint references notes on delete cascade, text text)",
        );
        await pool.query("insert into replies values (1, 7, 'led')");
        const tables = {
          note,
          reply: { table: "replies", key: "id", subject: ["note_id", "notes.member_id"] },
        };
        const erasing = connectorOf({ tables, vacuum: { keptDays: 0 } }).erase(record, of("lin"));
        await expect(erasing).rejects.toMatchObject(unavailable);
        expect((await pool.query("select id from notes")).rows).toEqual([{ id: "7" }]);
        await pool.query("drop table replies");
      });
    });

    describe("several records at once", () => {
      const other = { ...record, name: "reply" };
      const tables = { reply: { ...note, table: "replies" }, note };
      beforeEach(async () => {
        await pool.query("drop table if exists replies");
        await pool.query(
          "create table replies (id bigint primary key, member_id text, text text, tags text[], extra jsonb, note_id bigint not null)",
        );
        await plant(1, "lin");
        await plant(2, "wang");
        await pool.query(
          "insert into replies values (1, 'lin', 'r', '{}', '{}', 1), (2, 'wang', 'r', '{}', '{}', 2)",
        );
      });
      afterEach(() => pool.query("drop table if exists replies"));

      function listening(): { readonly pool: QueryPool; readonly texts: string[] } {
        const texts: string[] = [];
        const query: QueryPool["query"] = (text, values) => {
          texts.push(text);
          return pool.query(text, values);
        };
        return { pool: { query }, texts };
      }

      it.each(["no action", "restrict", "cascade"])(
        "go by one statement, whatever refers to what (on delete %s)",
        async (rule) => {
          await pool.query(
            `alter table replies add foreign key (note_id) references notes on delete ${rule}`,
          );
          const { pool: heard, texts } = listening();
          const own = {
            ...tables,
            note: { ...note, ...(rule === "cascade" && { cascades: ["replies"] }) },
          };
          const connector = connectorOf({ pool: heard, tables: own, vacuum: { keptDays: 0 } });
          expect(await connector.atOnce!.count([other, record], of("lin"))).toEqual([1, 1]);
          expect(await connector.atOnce!.countFound([other, record], of("wang"))).toEqual([1, 1]);
          await connector.atOnce!.erase([other, record], of("lin"), [1, 1]);
          expect(texts.filter((text) => text.includes("delete from"))).toHaveLength(1);
          expect(await connector.atOnce!.countFound([other, record], of("lin"))).toEqual([0, 0]);
          expect(await connector.atOnce!.countFound([other, record], of("wang"))).toEqual([1, 1]);
        },
      );

      it("leave all rows where one of them may not go", async () => {
        await pool.query("alter table replies add foreign key (note_id) references notes");
        await pool.query("update replies set note_id = 1 where id = 2");
        const connector = connectorOf({ tables, vacuum: { keptDays: 0 } });
        const erasing = connector.atOnce!.erase([other, record], of("lin"), [1, 1]);
        await expect(erasing).rejects.toMatchObject(config);
        expect(await connector.atOnce!.count([other, record], of("lin"))).toEqual([1, 1]);
      });

      it("of the same table are changed one after the other", async () => {
        const twice = { note, reply: { ...note, erase: "columns" } };
        const connector = connectorOf({ tables: twice, vacuum: { keptDays: 0 } });
        await connector.atOnce!.erase([other, record], of("lin"), [1, 1]);
        expect((await pool.query("select member_id from notes order by id")).rows).toEqual([
          { member_id: null },
          { member_id: "wang" },
        ]);
      });

      it("are kept out of each other's way by their spelling", async () => {
        await table("bigint");
        await plant(1, 7);
        const connector = connectorOf({ tables });
        await expect(connector.atOnce!.count([other, record], of("07"))).rejects.toMatchObject(
          config,
        );
        await expect(connector.atOnce!.countFound([record], of("07"))).rejects.toMatchObject(
          config,
        );
        await connector.atOnce!.erase([other, record], of("07"), [1, 1]);
        expect(await connector.count(record, of("7"))).toBe(1);
      });
    });

    describe("dead rows", () => {
      /** How many deleted rows are still in the table's pages. */
      async function deadRows(): Promise<number> {
        await pool.query("create extension if not exists pageinspect");
        const { rows } = await pool.query(
          `select count(*) from generate_series(0, pg_relation_size('notes') / current_setting('block_size')::int - 1) page,
            heap_page_items(get_raw_page('notes', page::int)) where t_xmax::text <> '0' and t_data is not null`,
        );
        return Number(rows[0].count);
      }

      it.each([true, "full"] as const)("are in no page after vacuum: %s", async (vacuum) => {
        await plant(1, "lin");
        await plant(2, "wang");
        await connectorOf({ vacuum }).erase(record, of("lin"));
        expect(await deadRows()).toBe(0);
      });

      it.each([true, "full"] as const)(
        "of rows that stay are in no page after vacuum: %s",
        async (vacuum) => {
          await plant(1, "lin");
          const tables = { note: { ...note, erase: "columns" } };
          await connectorOf({ tables, vacuum }).erase(record, of("lin"));
          expect(await deadRows()).toBe(0);
        },
      );

      it("are in the table where the host vacuums, and said to be", async () => {
        await plant(1, "lin");
        const connector = connectorOf({ vacuum: { keptDays: 3 } });
        await connector.erase(record, of("lin"));
        expect(await deadRows()).toBe(1);
        expect(await connector.remnants(record, new Date())).toHaveLength(1);
        expect((await connector.describe("note")).technique).toBe("DELETE");
      });

      it.each([true, "full"] as const)(
        "held by an older transaction are not called gone (vacuum: %s)",
        async (vacuum) => {
          await plant(1, "lin");
          const reader = await pool.connect();
          await reader.query("begin isolation level repeatable read");
          await reader.query("select 1");
          const connector = connectorOf({ vacuum });
          await expect(connector.erase(record, of("lin"))).rejects.toMatchObject(unavailable);
          expect(await deadRows()).toBe(1);
          await reader.query("commit");
          reader.release();
          await connector.erase(record, of("lin"));
          expect(await deadRows()).toBe(0);
        },
      );

      it("are not called gone where the role may delete but not vacuum", async () => {
        const role = `clerk_${process.pid}`;
        await pool.query(`create role ${role} login`);
        await pool.query(`grant select, delete on notes to ${role}`);
        const asClerk = new URL(url);
        asClerk.username = role;
        const clerks = new pg.Pool({ connectionString: asClerk.href });
        try {
          await plant(1, "lin");
          const connector = connectorOf({ pool: clerks });
          await expect(connector.erase(record, of("lin"))).rejects.toMatchObject(unavailable);
          expect(await deadRows()).toBe(1);
        } finally {
          await clerks.end();
          await pool.query(`drop owned by ${role}`);
          await pool.query(`drop role ${role}`);
        }
      });

      it("are cleared in every partition, and in what is stored out of line", async () => {
        await pool.query("drop table notes");
        await pool.query(
          `create table notes (id bigint, member_id text, text text, tags text[], extra jsonb) partition by hash (id)`,
        );
        for (const n of [0, 1])
          await pool.query(
            `create table if not exists notes_${n} partition of notes for values with (modulus 2, remainder ${n})`,
          );
        const long = Array.from({ length: 4000 }, (_, i) => `secret-${i * 7919}`).join(" ");
        for (let id = 0; id < 6; id++) await plant(id, "lin", long);
        await plant(9, "wang");
        await connectorOf().erase(record, of("lin"));
        const { rows } = await pool.query(
          `select sum(pg_relation_size(reltoastrelid))::int as bytes from pg_class where relname like 'notes\\__'`,
        );
        expect(rows[0].bytes).toBe(0);
        expect(await connectorOf().count(record, of("wang"))).toBe(1);
        await pool.query("drop table notes");
      });

      it("are in no sample the planner keeps", async () => {
        for (let id = 0; id < 50; id++) await plant(id, `member-${id}`, `secret-${id}`);
        await pool.query("analyze notes");
        const sampled = async (): Promise<string> =>
          JSON.stringify(
            (await pool.query("select * from pg_stats where tablename = 'notes'")).rows,
          );
        expect(await sampled()).toContain("secret-7");
        await connectorOf().erase(record, of("member-7"));
        expect(await sampled()).not.toMatch(/secret-7\b/);
      });

      it("are cleared under a writer that never stops", async () => {
        await plant(1, "lin");
        const stop = new AbortController();
        let id = 100;
        const writer = (async () => {
          for (; !stop.signal.aborted; id++) await plant(id, "writer", "x");
        })();
        await connectorOf().erase(record, of("lin"));
        stop.abort();
        await writer;
        expect(await deadRows()).toBe(0);
        expect(await connectorOf().count(record, of("writer"))).toBe(id - 100);
      });
    });

    it("refuses wal: 'switch' where used segments are kept", async () => {
      await expect(connectorOf({ wal: "switch" }).erase(record, of("a"))).rejects.toMatchObject(
        config,
      );
    });

    it.each([
      ["bigint", "7", ["07", "+7", " 7", "7 "]],
      ["integer", "7", ["007"]],
      ["uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"]],
      ["varchar(40)", "lin", []],
      ["char(8)", "lin", ["lin "]],
      ["text collate ci", "lin", ["LIN", "Lin"]],
    ])(
      "finds by a subject of type %s, and takes no other spelling for it",
      async (type, id, others) => {
        await pool.query(
          "create collation if not exists ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        );
        await table(type);
        await plant(1, id);
        const connector = connectorOf();
        expect(await connector.find(record, of(id))).toMatchObject([{ id: "1", memberId: id }]);
        expect(await connector.count(record, of(id))).toBe(1);
        for (const other of others) {
          await expect(connector.find(record, of(other))).rejects.toMatchObject(config);
          await expect(connector.count(record, of(other))).rejects.toMatchObject(config);
          expect(await connector.rectify(record, of(other), "1", { text: "x" })).toBe(false);
          await connector.erase(record, of(other));
          expect(await connector.count(record, of(id))).toBe(1);
        }
        expect(await connector.rectify(record, of(id), "1", { text: "new" })).toBe(true);
        await connector.erase(record, of(id));
        expect(await connector.count(record, of(id))).toBe(0);
      },
    );

    it("says of an id the column cannot hold that the mapping is wrong, not that nothing is there", async () => {
      await table("bigint");
      const connector = connectorOf();
      for (const id of ["oABC", "9".repeat(30), ""]) {
        await expect(connector.find(record, of(id))).rejects.toMatchObject(config);
        await expect(connector.count(record, of(id))).rejects.toMatchObject(config);
        await expect(connector.erase(record, of(id))).rejects.toMatchObject(config);
      }
    });

    it("corrects columns of every type, as the data map has their values", async () => {
      await plant(1, "lin");
      const connector = connectorOf();
      const patch = { text: "it's", tags: ["x", 'y"', "{z}"], extra: { a: [1, null] } };
      expect(await connector.rectify(record, of("lin"), "1", patch)).toBe(true);
      expect(await connector.find(record, of("lin"))).toMatchObject([patch]);
    });

    it.each<RecordRow>([
      {},
      { id: "2" },
      { memberId: "wang" },
      { member_id: "wang" },
      { "text = 'x' --": "y" },
      { text: "a\0b" },
      { __proto__: null, constructor: "x" },
    ])("corrects no field it must not: %j", async (patch) => {
      await plant(1, "lin");
      await expect(connectorOf().rectify(record, of("lin"), "1", patch)).rejects.toMatchObject({
        code: "ERR_INPUT_INVALID",
      });
      expect(await connectorOf().find(record, of("lin"))).toMatchObject([
        { id: "1", text: "secret-note" },
      ]);
    });

    it("reaches tables and columns of any name, in any schema", async () => {
      await pool.query('create schema "Shop 1"');
      await pool.query(
        `create table "Shop 1"."order" ("编""号" text primary key, "select" text, "租户" text, text text, tags text[], extra jsonb)`,
      );
      await pool.query(
        `insert into "Shop 1"."order" values ('1', 'lin', 'north', 'a', '{}', '{}'), ('2', 'lin', 'south', 'b', '{}', '{}')`,
      );
      const mapping = {
        table: "Shop 1.order",
        key: '编"号',
        subject: "select",
        tenant: "租户",
        columns: { id: '编"号' },
      };
      const connector = connectorOf({ tables: { note: mapping } });
      const north = { tenant: "north", subjectId: "lin" };
      expect(connector.keyField(record)).toBe("id");
      expect(await connector.find(record, north)).toMatchObject([{ id: "1", text: "a" }]);
      expect(await connector.rectify(record, north, "1", { text: "c" })).toBe(true);
      await connector.erase(record, north);
      expect(await connector.count(record, north)).toBe(0);
      expect(await connector.count(record, { ...north, tenant: "south" })).toBe(1);
    });

    it("WX-4.4.7b: hops by no column that is unique among some rows only", async () => {
      await pool.query("drop table if exists members");
      await pool.query("create table members (no text, openid text, gone boolean)");
      await pool.query("create unique index on members (no) where not gone");
      const subject = ["member_id", "members(no).openid"];
      const find = () =>
        connectorOf({ tables: { note: { ...note, subject } } }).find(record, of("lin"));
      await expect(find()).rejects.toMatchObject(config);
      await pool.query("create unique index on members (no)");
      expect(await find()).toEqual([]);
    });

    it("lets nothing of a value into the error of a failed call", async () => {
      await table("bigint");
      const failure = await connectorOf()
        .find(record, of("13912345678x"))
        .then(
          () => "",
          (cause: Error) => JSON.stringify(cause) + cause.message,
        );
      expect(failure).toContain("ERR_CONFIG_INVALID");
      expect(failure).not.toContain("13912345678");
    });
  },
);
