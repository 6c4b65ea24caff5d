import { setImmediate as turn } from "node:timers/promises";
import { accessFacts, purposeView } from "@miniprivacy/core";
import { standingDigests } from "@miniprivacy/core/policy";
import { CompiledQuery, sql } from "kysely";
import { afterAll, bench, describe } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type ChangeBus, type LogChanges, openChangeBus } from "../log/change-bus.ts";
import { openFixture, order, policy, row } from "../privacy.fixture.ts";
import type { Runtime } from "../runtime.ts";
import { createAccessLog } from "./access-log.ts";
import { createAccessService } from "./access-service.ts";
import { createSubjectFacts } from "./subject-facts.ts";
import { createTenantRegisters } from "./tenant-register.ts";

// What reading by purpose adds. To a row, over the view alone: at most 1 µs, what is known of its subject being
// remembered. To 500 rows of 500 subjects, over the shop's own SELECT of them: at most 5 ms. The lines below the table
// give the medians of the differences of interleaved turns; what the log writes meanwhile is left out of them.

const PEOPLE = 500;
const CALLERS = 16;
const TURNS = 100;
const WARM_UP = 20;

const database = await openTestDatabase();
const shop = await openFixture({ ...database, close: async () => {} });
const people = Array.from({ length: PEOPLE }, (_, i) => `person-${i}`);
const consenting = people.values();
await Promise.all(
  Array.from({ length: CALLERS }, async () => {
    for (const person of consenting) await shop.give(person, "delivery");
  }),
);

await sql`create table shop_order (id text primary key, "memberId" text not null, phone text, address text,
  "closedAt" text, day int not null)`.execute(database.tables);
await sql`create index on shop_order (day)`.execute(database.tables);
await sql`insert into shop_order select 'order-' || i, 'person-' || i % ${PEOPLE}::int, '13912345678', 'Garden Road 8', null,
  i / ${PEOPLE}::int from generate_series(0, ${PEOPLE * 20 - 1}::int) i`.execute(database.tables);

const told: ((changes: LogChanges) => void)[] = [];
const fail = (cause: unknown): never => {
  throw cause;
};
const bus = await openChangeBus(database, fail);
const changes: ChangeBus = {
  ...bus,
  subscribe(listener) {
    told.push(listener);
    bus.subscribe(listener);
  },
};
const runtime = {
  policy,
  database,
  keys: database.keys,
  changes,
  now: shop.now,
  standing: new Map([["delivery", standingDigests(policy, "delivery", [])]]),
  observeUntil: undefined,
} as never as Runtime;
const log = createAccessLog(runtime, fail);
const access = createAccessService(runtime, [order], {
  log,
  subjects: createSubjectFacts(runtime, createTenantRegisters(runtime)),
  intake: { accept: async () => [] },
  observed: new Set(),
});
const delivery = access.purpose("delivery");
const columns = delivery.columns("order").map((name) => `"${name}"`);
const SELECT = CompiledQuery.raw(
  `select ${columns.join(", ")} from shop_order where day = $1`,
  [7],
);

async function select(): Promise<readonly never[]> {
  const { rows } = await database.tables.executeQuery<never>(SELECT);
  return rows;
}

async function read(): Promise<void> {
  const results = await delivery.rows("order", await select());
  if (results.length !== PEOPLE || results.some(({ permitted }) => !permitted))
    throw new Error("a permitted row was denied");
}

async function readAnew(): Promise<void> {
  for (const hear of told) hear("all");
  await read();
}

afterAll(async () => {
  for (const [name, run] of [
    ["all remembered", read],
    ["nothing remembered", readAnew],
  ] as const)
    process.stdout.write(`${PEOPLE} rows, ${database.kind}, ${name}: ${await compare(run)}\n`);
  await log.close();
  await bus.close();
  await shop.privacy.close();
  await database.close();
});

describe(`${PEOPLE} rows of ${PEOPLE} subjects, ${database.kind}`, () => {
  const options = { iterations: 20, warmupIterations: 5 };
  bench("the shop's SELECT (limit)", async () => void (await select()), options);
  bench("SELECT and rows(), all remembered", read, options);
  bench("SELECT and rows(), nothing remembered", readAnew, options);
});

describe(`1000 reads of a row, ${database.kind}`, () => {
  const person = people[0]!;
  const rows = Array.from({ length: 1000 }, (_, i) => row(person, { id: `order-${i}` }) as never);
  const view = purposeView(order, "delivery");
  const facts = accessFacts({
    subjectId: person,
    records: [
      {
        recordId: "1",
        purpose: { id: "delivery" },
        status: "given",
        validity: { from: new Date(shop.now()).toISOString() },
      },
    ],
    freshUntil: Number.POSITIVE_INFINITY,
  });
  const setup = async (): Promise<void> => void (reader = await access.for(person, "delivery"));
  let reader: Awaited<ReturnType<typeof access.for<"delivery">>>;

  bench("the view alone (limit)", async () => {
    const now = shop.now();
    for (const one of rows) if (!view.read(one, facts, now).permitted) throw new Error("denied");
    await turn();
  });
  bench(
    "logged (goal: 1 ms more)",
    async () => {
      for (const one of rows) if (!reader.read("order", one).permitted) throw new Error("denied");
      await turn();
    },
    { setup },
  );
});

async function compare(run: () => Promise<void>): Promise<string> {
  const turns: { readonly peer: number; readonly own: number }[] = [];
  for (let i = 0; i < TURNS + WARM_UP; i++) {
    const peer = await timed(select);
    turns.push({ peer, own: await timed(run) });
    await log.flush();
  }
  const counted = turns.slice(WARM_UP);
  const over = median(counted.map(({ peer, own }) => own - peer));
  const [peer, own] = [
    median(counted.map((one) => one.peer)),
    median(counted.map((one) => one.own)),
  ];
  return `${over.toFixed(2)} ms over the shop's SELECT (${own.toFixed(2)} beside ${peer.toFixed(2)})`;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
