import { afterAll, bench, describe } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { memoryStore, openFixture, row } from "../privacy.fixture.ts";

// Many erasures at once in one process, from the request to the certificate: none is lost, and the heap is what it was.

const REQUESTS = 1000;
const CALLERS = 50;

const database = await openTestDatabase({ poolSize: 20 });
const shop = await openFixture(database, { store: memoryStore() });
afterAll(() => shop.privacy.close());

let person = 0;

async function eraseMany(): Promise<void> {
  const people = Array.from({ length: REQUESTS }, () => `person-${person++}`);
  shop.store.rows.push(...people.map((one) => row(one)));
  const ids: string[] = [];
  const waiting = people.values();
  const before = heapUsed();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (const as of waiting) {
        const { status, body } = await shop.call("POST", "/requests", {
          as,
          body: { kind: "erase" },
        });
        if (status !== 201)
          throw new Error(`a request was refused: ${status} ${JSON.stringify(body)}`);
        ids.push(body["id"] as string);
      }
    }),
  );
  const accepted = performance.now() - start;
  await shop.privacy.idle();
  const took = performance.now() - start;
  const fulfilled = await database.tables
    .selectFrom("subject_request")
    .select("id")
    .where("tenant", "=", "")
    .where("id", "in", ids)
    .where("state", "=", "fulfilled")
    .execute();
  const { length: left } = shop.store.rows;
  process.stdout.write(
    `${REQUESTS} erasures, ${database.kind}: ${fulfilled.length} fulfilled, ${left} rows left, accepted in ${accepted.toFixed(0)} ms, all done in ${took.toFixed(0)} ms, heap ${before} MB before, ${heapUsed()} MB after\n`,
  );
  if (fulfilled.length !== REQUESTS || left > 0) throw new Error("an erasure was lost");
}

function heapUsed(): string {
  globalThis.gc?.();
  return (process.memoryUsage().heapUsed / 2 ** 20).toFixed(1);
}

describe(`${REQUESTS} erasures at once, ${database.kind}`, () => {
  bench("accepted, carried out, certified", eraseMany, {
    iterations: 1,
    time: 0,
    warmupIterations: 0,
    warmupTime: 0,
  });
});
