import { readdirSync, readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "./database.fixture.ts";
import type { Database } from "./database.ts";
import { TENANT_TABLES } from "./tables.ts";
import { everyTenant, guardTenants } from "./tenant-guard.ts";

let database: Database;
let tables: Database["tables"];
beforeAll(async () => {
  database = await openTestDatabase();
  ({ tables } = guardTenants(database));
});
afterAll(() => database.close());

type Query = () => { execute(): Promise<unknown> };
const FORGOTTEN: { readonly [what: string]: Query } = {
  "a select": () => tables.selectFrom("log_event").selectAll().where("kind", "=", "consent"),
  "an update": () =>
    tables.updateTable("subject_request").set({ state: "refused" }).where("id", "=", "x"),
  "a delete": () => tables.deleteFrom("subject").where("ref", "=", "x"),
  "a select that only shows it": () => tables.selectFrom("breach").select("tenant"),
  "an update that only sets it": () => tables.updateTable("subject").set({ tenant: "t" }),
  "another comparison": () => tables.selectFrom("breach").selectAll().where("tenant", ">=", ""),
  "an alias": () => tables.selectFrom("subject as s").select("s.ref").where("s.epoch", "=", 1),
  "a join whose other side is not tied": () =>
    tables
      .selectFrom("certificate")
      .innerJoin("subject_request", "subject_request.id", "certificate.request_id")
      .select("certificate.id")
      .where("certificate.tenant", "=", "t"),
  "two tables and one tenant for both": () =>
    tables
      .selectFrom(["subject", "breach"])
      .select("subject.ref")
      .where("subject.tenant", "=", "t"),
  "a select inside one that has it": () =>
    tables
      .selectFrom("subject")
      .select("ref")
      .where("tenant", "=", "t")
      .where("ref", "in", (inner) => inner.selectFrom("subject_request").select("subject_ref")),
  "one that has it only inside": () =>
    tables
      .selectFrom("subject")
      .select("ref")
      .where("ref", "in", (inner) =>
        inner.selectFrom("subject_request").select("subject_ref").where("tenant", "=", "t"),
      ),
  "a with": () =>
    tables
      .with("all", (inner) => inner.selectFrom("subject").select("ref"))
      .selectFrom("all")
      .selectAll(),
  "a table of a select": () =>
    tables.selectFrom((inner) => inner.selectFrom("subject").select("ref").as("s")).selectAll(),
};

const NAMED: { readonly [what: string]: Query } = {
  "a select": () => tables.selectFrom("log_event").selectAll().where("tenant", "=", "t"),
  "an alias": () => tables.selectFrom("subject as s").select("s.ref").where("s.tenant", "=", "t"),
  "a tied join": () =>
    tables
      .selectFrom("certificate")
      .innerJoin("subject_request", (join) =>
        join
          .onRef("subject_request.tenant", "=", "certificate.tenant")
          .onRef("subject_request.id", "=", "certificate.request_id"),
      )
      .select("certificate.id")
      .where("certificate.tenant", "=", "t"),
  "a table of the deployment": () => tables.selectFrom("log_leaf").selectAll(),
  "an insert": () =>
    tables
      .insertInto("subject_epoch")
      .values({ tenant: "t", next_epoch: 1 })
      .onConflict((conflict) => conflict.column("tenant").doUpdateSet({ next_epoch: 2 })),
  "what is said to be for all": () => everyTenant(tables).selectFrom("subject").selectAll(),
};

describe("a query on rows of tenants", () => {
  it.each(Object.keys(FORGOTTEN))("that names no tenant throws: %s", async (what) => {
    const run = async (): Promise<unknown> => FORGOTTEN[what]!().execute();
    await expect(run()).rejects.toThrow(/names no tenant/);
    await expect(tables.transaction().execute(run)).rejects.toThrow(/names no tenant/);
  });

  it.each(Object.keys(NAMED))("runs: %s", async (what) => {
    await expect(NAMED[what]!().execute()).resolves.toBeDefined();
  });

  it("throws in a transaction, and there too passes what is said to be for all", async () => {
    await tables.transaction().execute(async (unit) => {
      expect(() => unit.deleteFrom("subject").compile()).toThrow(/names no tenant/);
      await everyTenant(unit).deleteFrom("subject").execute();
    });
  });
});

describe("the tables of tenants", () => {
  it("are those whose key starts with the tenant, and no other has one", async () => {
    const keyed = await sql<{ name: string }>`
      select c.relname as name from pg_index i join pg_class c on c.oid = i.indrelid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where i.indisprimary and a.attname = 'tenant'`.execute(database.tables);
    expect(keyed.rows.map(({ name }) => name).toSorted()).toEqual([...TENANT_TABLES].toSorted());
    const found = await database.tables.introspection.getTables();
    const withTenant = found.filter(
      ({ schema, columns }) => schema === "public" && columns.some(({ name }) => name === "tenant"),
    );
    expect(withTenant.map(({ name }) => name).toSorted()).toEqual([...TENANT_TABLES].toSorted());
  });
});

/**
 * What passes the guard: raw SQL, and queries for the whole deployment. Whoever adds a file here has looked at its
 * tenants. `database` is what all of it stands on, and connectors speak to the host's own tables.
 */
const UNGUARDED = [
  "access/access-report.ts",
  "access/load-subjects.ts",
  "consent/consent-statistics.ts",
  "consent/consent-store.ts",
  "demand/demand-claim.ts",
  "demand/demand-run.ts",
  "demand/demand-service.ts",
  "demand/file-demand.ts",
  "erasure/erasure-claim.ts",
  "erasure/erasure-drill.ts",
  "erasure/erasure-queue.ts",
  "erasure/erasure-status.ts",
  "erasure/run-claim.ts",
  "journal/database-journal.ts",
  "journal/erasure-ledger.ts",
  "journal/journal-turn.ts",
  "journal/replay.ts",
  "journal/write-leaves.ts",
  "log/change-bus.ts",
  "log/log-append.ts",
  "log/log-writer.ts",
  "queue/job-queue.ts",
  "retention/retention-sweep.ts",
  "subject/link-subjects.ts",
  "subject/subject-store.ts",
  "subject/sweep-idle-links.ts",
  "testing/database-contract.ts",
  "testing/memory-database.ts",
];

it("what passes the guard is known by file", () => {
  const root = new URL("../", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
    /^(?!database|connector).*(?<!\.test|\.fixture|\.bench)\.ts$/.test(name),
  );
  const unguarded = files.filter((name) =>
    /\bsql(?:<|`|\.)|CompiledQuery\.raw|\bprepared[<(]|everyTenant\(|withoutPlugins|\.query\(/.test(
      readFileSync(new URL(name, root), "utf8"),
    ),
  );
  expect(unguarded.toSorted()).toEqual(UNGUARDED);
});
