import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, bench, describe } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type LogAppend, prepareLogEntry } from "./log-entry.ts";
import { createLogWriter } from "./log-writer.ts";

// Durable appends of an event and its leaf, beside what the database takes for the same rows without any log.
const database = await openTestDatabase({ poolSize: 64 });
const { tables } = database;
await sql`create table raw_event (id bigint generated always as identity, body bytea, blinding bytea)`.execute(
  tables,
);
await sql`create table raw_leaf (id bigint generated always as identity, hash bytea)`.execute(
  tables,
);
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
const writer = createLogWriter(database);
const together = (callers: number, run: () => Promise<unknown>): Promise<unknown> =>
  Promise.all(Array.from({ length: callers }, run));

async function rawRow(): Promise<void> {
  const blinding = randomBytes(16);
  const hash = createHash("sha256").update(body).digest();
  await sql`with e as (insert into raw_event (body, blinding) values (${body}, ${blinding}))
    insert into raw_leaf (hash) values (${hash})`.execute(tables);
}

async function rawBatch(count: number): Promise<void> {
  const bodies = Array.from({ length: count }, () => body);
  const blindings = bodies.map(() => randomBytes(16));
  const hashes = bodies.map((one) => createHash("sha256").update(one).digest());
  await sql`with e as (insert into raw_event (body, blinding)
      select * from unnest(${bodies}::bytea[], ${blindings}::bytea[]))
    insert into raw_leaf (hash) select * from unnest(${hashes}::bytea[])`.execute(tables);
}

/** What one writes first: lock the last hash, add to it, insert, commit. */
function naiveChain(): Promise<void> {
  return tables.transaction().execute(async (unit) => {
    const { rows } = await sql<{
      hash: Buffer;
    }>`select hash from chain where id = 1 for update`.execute(unit);
    const hash = createHash("sha256").update(rows[0]!.hash).update(body).digest();
    await sql`insert into raw_event (body, blinding) values (${body}, ${randomBytes(16)})`.execute(
      unit,
    );
    await sql`insert into raw_leaf (hash) values (${hash})`.execute(unit);
    await sql`update chain set hash = ${hash} where id = 1`.execute(unit);
  });
}

const options = { time: 2000, iterations: 20, warmupIterations: 5 };

describe(`one caller, ${database.kind}`, () => {
  bench("raw INSERT (limit)", rawRow, options);
  bench("append", async () => void (await writer.append(append())), options);
});

describe(`1,000 entries, ${database.kind}`, () => {
  bench("unnest x 1000 (limit)", () => rawBatch(1000), options);
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
