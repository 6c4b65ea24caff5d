import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { Connector, PrivacyConfig } from "@miniprivacy/node";
import type { RowDataPacket } from "mysql2/promise";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadHostModule } from "../../packages/node/src/cli/host-module.ts";
import { runCommand } from "../../packages/node/src/cli/run-command.fixture.ts";
import { ROOT } from "../docs/markdown.ts";
import { mysqlMissing, temporaryMysql } from "../support/mysql-server.ts";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";

/** A database of this test's own, and a user of it who may not read a row. */
interface Subject {
  readonly url: string;
  readonly blindUrl: string;
  run(statement: string): Promise<readonly object[]>;
  close(): Promise<void>;
}

const STATEMENTS = [
  `create table t_member (id bigint primary key, openid varchar(64) not null, nick_name varchar(40), mobile varchar(20),
    constraint t_member_openid unique (openid))`,
  `create table t_order (id varchar(40) primary key, member_id bigint not null, rcv_mobile varchar(20), remark text,
    foreign key (member_id) references t_member (id))`,
  "create table t_order_item (id bigint primary key, order_id varchar(40) not null, title varchar(40))",
  "create table t_visit (id bigint primary key, openid varchar(64) not null, id_card_no varchar(20))",
  "create table t_region (id bigint primary key, name varchar(40))",
  "insert into t_member values (1, 'marked-lin', 'Lin', '13900000001'), (2, 'wang', 'Wang', '13900000002')",
  "insert into t_order values ('a', 1, '13900000001', 'x'), ('b', 2, '13900000002', 'y')",
  "insert into t_order_item values (1, 'a', 'Bread'), (2, 'b', 'Tea')",
  "insert into t_visit values (1, 'marked-lin', '110105194912310021'), (2, 'wang', '11010519491231002X')",
];

const DIALECTS = [
  { dialect: "postgres", missing: await postgresMissing(), open: onPostgres },
  { dialect: "mysql", missing: await mysqlMissing(), open: onMysql },
] as const;

describe.each(DIALECTS)("miniprivacy init --from $dialect", ({ dialect, missing, open }) => {
  let subject: Subject;
  let dir: string;
  beforeEach(async () => {
    if (missing !== undefined) return;
    subject = await open();
    for (const statement of STATEMENTS) await subject.run(statement);
    dir = await mkdtemp(join(tmpdir(), "init-from-"));
    // The driver is found from there, as in a host's folder.
    await symlink(new URL("node_modules", ROOT), join(dir, "node_modules"));
  });
  afterEach(async () => {
    if (missing !== undefined) return;
    vi.unstubAllEnvs();
    await subject.close();
    await rm(dir, { recursive: true });
  });

  it.skipIf(missing !== undefined)(
    `proposes of its schema alone what then finds and erases one person's rows${missing ? ` (${missing})` : ""}`,
    async () => {
      const place = join(dir, "privacy");
      const made = await runCommand("init", place, "--from", subject.blindUrl);
      expect([made.code, made.stderr]).toEqual([0, ""]);
      expect(made.stdout).toContain("person         t_member.openid");
      expect(made.stdout).toContain("by name only   t_order_item.order_id -> t_order.id");
      expect(made.stdout).toContain("index missing  t_order_item.order_id");
      expect(made.stdout).toContain("index missing  t_visit.openid");
      // MySQL makes an index for every foreign key.
      expect(made.stdout.includes("index missing  t_order.member_id")).toBe(dialect !== "mysql");
      expect(made.stdout).toContain("not guessed    t_order.remark");
      expect(made.stdout).toContain("not mapped     t_region: lead to nobody");
      const files = await Promise.all(
        (await readdir(place)).map((name) => readFile(join(place, name), "utf8")),
      );
      expect(files).toHaveLength(2);
      for (const text of [made.stdout, ...files]) {
        expect(text).not.toMatch(/marked-lin|139000|110105/);
        expect(text).not.toContain(subject.blindUrl);
      }

      const checked = await runCommand("check", join(place, "policy.ts"));
      expect([checked.code, checked.stdout]).toEqual([0, expect.stringMatching(/: 0 errors/)]);

      const { connector, records } = await configured(place, subject.url);
      const lin = { tenant: "", subjectId: "marked-lin" };
      const counts = async (): Promise<readonly number[]> =>
        Promise.all(records.map((record) => connector.count(record, lin)));
      expect(records.map(({ name }) => name)).toEqual([
        "t_order_item",
        "t_order",
        "t_member",
        "t_visit",
      ]);
      expect(await counts()).toEqual([1, 1, 1, 1]);
      expect(await connector.find(records[1]!, lin)).toMatchObject([
        { id: "a", member_id: "marked-lin", rcv_mobile: "13900000001" },
      ]);
      for (const record of records) await connector.erase(record, lin);
      expect(await counts()).toEqual([0, 0, 0, 0]);
      for (const name of ["t_member", "t_order", "t_order_item", "t_visit"])
        expect((await subject.run(`select id from ${name}`)).length).toBe(1);
    },
  );

  it.skipIf(missing !== undefined)(
    "writes nothing where a file is, where nothing leads to a person, and where the server refuses",
    async () => {
      const place = join(dir, "privacy");
      const init = async (...args: readonly string[]) => {
        const { code, stderr } = await runCommand("init", place, ...args);
        return [code, stderr];
      };
      const wrong = subject.url.replace(/\/[^/]*$/, "/no_such_database_secret");
      expect(await init("--from", wrong)).toEqual([
        2,
        expect.stringContaining("ERR_STORE_UNAVAILABLE"),
      ]);
      expect((await init("--from", wrong))[1]).not.toContain("secret");
      expect(await init("--from", "redis://here")).toEqual([
        2,
        expect.stringContaining("mysql://… or postgres://…"),
      ]);
      expect(await init("--from", subject.url, "--subject", "t_region.id")).toEqual([
        2,
        expect.stringContaining("--subject table.column"),
      ]);
      expect(await readdir(dir)).toEqual(["node_modules"]);
      expect((await runCommand("init", place)).code).toBe(0);
      const before = await readFile(join(place, "policy.ts"), "utf8");
      expect(await init("--from", subject.url)).toEqual([2, expect.stringContaining("is there")]);
      expect(await readFile(join(place, "policy.ts"), "utf8")).toBe(before);
    },
  );
});

/** What the written files configure, on this database; the records in the order they are erased in. */
async function configured(
  place: string,
  url: string,
): Promise<{ readonly connector: Connector; readonly records: readonly PersonalRecord[] }> {
  vi.stubEnv("SHOP_DATABASE_URL", url);
  const { default: open } = await loadHostModule(join(place, "privacy.config.ts"));
  const config = await (open as () => Promise<PrivacyConfig>)();
  const connector = config.connectors["shop"]!;
  const records = connector.records.map((name) =>
    config.records.find((record) => record.name === name)!,
  );
  return { connector, records };
}

function withUser(url: string, user: string): string {
  const blind = new URL(url);
  blind.username = user;
  blind.password = "only-for-a-test";
  return blind.href;
}

async function onPostgres(): Promise<Subject> {
  const { url, drop } = await temporaryDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const user = `miniprivacy_test_${randomBytes(6).toString("hex")}`;
  await client.query(`create role ${user} login password 'only-for-a-test'`);
  return {
    url,
    blindUrl: withUser(url, user),
    run: async (statement) => (await client.query(statement)).rows,
    async close() {
      await client.query(`drop role ${user}`);
      // The pool of the config that was loaded.
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
      await client.end();
      await drop();
    },
  };
}

async function onMysql(): Promise<Subject> {
  const { url, pool, drop } = await temporaryMysql();
  const user = `test_${randomBytes(6).toString("hex")}`;
  const own = new URL(url).pathname.slice(1);
  await pool.query(`create user ${user} identified by 'only-for-a-test'`);
  await pool.query(`grant insert on ${own}.* to ${user}`);
  return {
    url,
    blindUrl: withUser(url, user),
    run: async (statement) => (await pool.query(statement))[0] as RowDataPacket[],
    async close() {
      await pool.query(`drop user ${user}`);
      await drop();
    },
  };
}
