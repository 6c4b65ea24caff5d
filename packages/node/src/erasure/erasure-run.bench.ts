import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import pg from "pg";
import { afterAll, bench, describe } from "vitest";
import * as z from "zod/mini";
import { interleaved } from "../interleaved.fixture.ts";
import { postgresConnector } from "../connector/postgres-connector.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { createErasureLedger } from "../journal/erasure-ledger.ts";
import { createLogWriter } from "../log/log-writer.ts";
import { policy } from "../privacy.fixture.ts";
import type { Runtime } from "../runtime.ts";
import { insertRequest } from "../subject-request/insert-request.ts";
import { moveRequest } from "../subject-request/move-request.ts";
import { linkSubject } from "../subject/subject-store.ts";
import { createErasureRunner } from "./erasure-run.ts";

// A whole erasure of a person with 10 rows in each of 10 tables: claimed, counted, erased, read back, our own records
// erased and cleared, certified. Beside one statement that erases the rows, and six commits (goal: no longer than those);
// and beside these with the vacuums of our own tables that a certificate waits for, which the goal leaves out.

const PEOPLE = 1000;
const ROWS_EACH = 10;
const TABLES = Array.from({ length: 10 }, (_, i) => `shop_${i}`);
const ROUNDS = 60;

const database = await openTestDatabase();
const { keys } = database;
const isServer = database.url !== undefined;
const pool = new pg.Pool({ connectionString: database.url });
afterAll(async () => {
  if (isServer) process.stdout.write(`${await compare()}\n`);
  await pool.end();
  await database.close();
});

const records = TABLES.map((name) =>
  personalRecord(policy, name, {
    id: plain(z.string()),
    memberId: subject(z.string()),
    phone: personal("phone", z.string()),
  }),
);
let person = 0;
const next = (): string => `member-${person++ % PEOPLE}`;

const CTE = `with ${TABLES.map((table, i) => `gone${i} as (delete from ${table} where member_id = $1 returning 1)`).join(", ")}
  select ${TABLES.map((_, i) => `(select count(*) from gone${i}) as count${i}`).join(", ")}`;

async function rawErasure(): Promise<void> {
  await pool.query(CTE, [next()]);
  for (let i = 0; i < 6; i++) await pool.query("insert into raw_commit values ($1)", [i]);
}

async function rawErasureCleared(): Promise<void> {
  await rawErasure();
  await pool.query("vacuum full erasure_seal");
  await pool.query("vacuum subject");
  await pool.query("vacuum log_event");
}

const runtime = {
  policy,
  database,
  keys,
  log: createLogWriter(database, { announce() {} }),
  backups: "none",
  now: Date.now,
} as never as Runtime;

function runBy(vacuum: true | { readonly keptDays: number }): () => Promise<void> {
  const connector = postgresConnector({
    pool,
    tables: Object.fromEntries(
      TABLES.map((table) => [table, { table, key: "id", subject: "member_id" }]),
    ),
    wal: { keptDays: 7 },
    vacuum,
  });
  const { run } = createErasureRunner(runtime, {
    targets: records.map((record) => ({ store: "shop", connector, record })),
    ledger: createErasureLedger(database, keys!, undefined, Date.now),
    storeTimeoutMs: 60_000,
    logger: { info() {}, error() {} },
    onError(cause) {
      throw cause;
    },
  });
  return async () => {
    if ((await run("", requests.pop()!)) !== "finished") throw new Error("it is not finished");
  };
}

const requests: string[] = [];

async function accept(): Promise<void> {
  const of = { tenant: "", subjectId: next() };
  const at = new Date();
  await runtime.log.transaction(async (unit) => {
    const { ref: subjectRef } = await linkSubject(unit.unit, keys!.index, of, at);
    const wish = { subjectRef, kind: "erase", now: at.getTime() } as const;
    const { id, state } = await insertRequest(unit.unit, runtime, of, wish);
    await moveRequest(unit, at, { tenant: "", id, subjectRef, state }, { event: "accept" });
    requests.push(id);
  });
}

if (isServer) {
  for (const table of TABLES) {
    await pool.query(
      `create table ${table} (id bigserial primary key, member_id text not null, phone text)`,
    );
    await pool.query(`create index on ${table} (member_id)`);
    await pool.query(`insert into ${table} (member_id, phone)
      select 'member-' || i % ${PEOPLE}, '13912345678' from generate_series(1, ${PEOPLE * ROWS_EACH}) i order by random()`);
  }
  await pool.query("create table raw_commit (n int)");
  while (requests.length < 2 * ROUNDS + 30) await accept();
  await pool.query("vacuum analyze");
}

async function compare(): Promise<string> {
  const limit = "one statement and 6 commits (limit)";
  const cleared = "the same and the vacuums of our own tables";
  const run = "whole run";
  const turns = await interleaved(ROUNDS, {
    [limit]: rawErasure,
    [cleared]: rawErasureCleared,
    [run]: runBy({ keptDays: 1 }),
  });
  const lines = Object.entries(turns.medians).map(
    ([name, ms]) => `  ${name}: ${ms.toFixed(2)} ms, ${turns.ratio(name, limit).toFixed(2)} x`,
  );
  return [
    ...lines,
    `  whole run beside the limit with the vacuums: ${turns.ratio(run, cleared).toFixed(2)} x`,
  ].join("\n");
}

describe.skipIf(!isServer)(`erasing a person from 10 tables, ${database.kind}`, () => {
  const options = { iterations: 10, time: 0, warmupIterations: 1, warmupTime: 0 };
  bench("one statement and 6 commits (limit)", rawErasure, options);
  bench("whole run", runBy({ keptDays: 1 }), options);
  bench("whole run with the vacuums of the shop's tables", runBy(true), options);
});
