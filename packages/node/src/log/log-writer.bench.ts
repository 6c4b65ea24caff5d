import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, bench, describe } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type LogAppend, prepareLogEntry } from "./log-entry.ts";
import { createLogWriter } from "./log-writer.ts";

// Durable appends of an event and its leaf, beside what the database takes for the same rows without any log.
const database = await openTestDatabase({ poolSize: 64 });
const { tables } = database;
await sql`create table raw_event (like log_event including all)`.execute(tables);
await sql`create table raw_leaf (like log_leaf including all)`.execute(tables);
await sql`create table chain (id int primary key, hash bytea)`.execute(tables);
await sql`insert into chain values (1, '')`.execute(tables);
afterAll(() => database.close());

const content = { purpose: "delivery", status: "given", text: "x".repeat(600) };
const body = Buffer.from(JSON.stringify(content));
const append = (): LogAppend => ({
  entry: prepareLogEntry({
    tenant: "",
    kind: "bench",
    subjectRef: "ref",
    dedupeKey: null,
    content,
  }),
  statement: null,
  recordedAt: new Date(),
});
const writer = createLogWriter(database, { announce() {} });
const together = (callers: number, run: () => Promise<unknown>): Promise<unknown> =>
  Promise.all(Array.from({ length: callers }, run));

const RAW = `with input as (
    select * from unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::boolean[], $9::bytea[], $10::bytea[], $11::text[], $12::timestamptz[])
      as t(leaf_index, leaf_hash, tenant, kind, subject_ref, dedupe_key, topic, denies, body, blinding, statement,
        recorded_at)),
  events as (
    insert into raw_event (tenant, leaf_index, kind, subject_ref, dedupe_key, topic, denies, body, blinding, statement,
      recorded_at)
    select tenant, leaf_index, kind, subject_ref, dedupe_key, topic, denies, body, blinding, statement, recorded_at
    from input)
  insert into raw_leaf (leaf_index, leaf_hash) select leaf_index, leaf_hash from input`;
let rawIndex = 0;

/** The same rows, by a prepared statement, with one hash each: what an unlinked record would cost. */
async function rawRows(count: number): Promise<void> {
  const rows = Array.from({ length: count }, () => rawIndex++);
  const same = <Value>(value: Value): Value[] => rows.map(() => value);
  await database.prepared("raw", RAW, [
    rows,
    rows.map(() => createHash("sha256").update(body).digest()),
    same(""),
    same("bench"),
    same("ref"),
    same(null),
    same(null),
    same(false),
    same(body),
    rows.map(() => randomBytes(16)),
    same(null),
    same(new Date().toISOString()),
  ]);
}

/** What one writes first: lock the last hash, add to it, insert, commit. */
function naiveChain(): Promise<void> {
  return tables.transaction().execute(async (unit) => {
    const { rows } = await sql<{
      hash: Buffer;
    }>`select hash from chain where id = 1 for update`.execute(unit);
    const hash = createHash("sha256").update(rows[0]!.hash).update(body).digest();
    const index = rawIndex++;
    await sql`insert into raw_event (tenant, leaf_index, kind, subject_ref, denies, body, blinding, recorded_at)
      values ('', ${index}, 'bench', 'ref', false, ${body}, ${randomBytes(16)}, now())`.execute(
      unit,
    );
    await sql`insert into raw_leaf (leaf_index, leaf_hash) values (${index}, ${hash})`.execute(
      unit,
    );
    await sql`update chain set hash = ${hash} where id = 1`.execute(unit);
  });
}

const options = { time: 2000, iterations: 20, warmupIterations: 5 };

describe(`one caller, ${database.kind}`, () => {
  bench("raw INSERT (limit)", () => rawRows(1), options);
  bench("append", async () => void (await writer.append(append())), options);
});

describe(`1,000 entries, ${database.kind}`, () => {
  bench("unnest x 1000 (limit)", () => rawRows(1000), options);
  bench(
    "append by 64 callers",
    async () => {
      let left = 1000;
      await together(64, async () => {
        while (left-- > 0) await writer.append(append());
      });
    },
    options,
  );
  bench(
    "append by 1000 callers",
    async () => void (await together(1000, () => writer.append(append()))),
    options,
  );
  bench(
    "naive chain by 64 callers",
    async () => {
      let left = 1000;
      await together(64, async () => {
        while (left-- > 0) await naiveChain();
      });
    },
    { time: 2000, iterations: 2, warmupIterations: 0, warmupTime: 0 },
  );
});
