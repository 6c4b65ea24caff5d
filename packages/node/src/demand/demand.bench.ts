import pg from "pg";
import { afterAll, bench, describe } from "vitest";
import { postgresConnector } from "../connector/postgres-connector.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { quantile } from "../interleaved.fixture.ts";
import { openFixture } from "../privacy.fixture.ts";

// A platform's demand over 1,000,000 rows of 100,000 people, one field of each, from its opening to its certificate, beside
// one UPDATE of them all, which holds every row until it is done. Goal: resumable, memory flat. What is told besides: how
// long the statements take that others may have to wait for, and how much the heap grows.

const ROWS = 1_000_000;
const isServer = process.env["TEST_DATABASE"] !== undefined;
const OFFICER = { as: "officer", roles: ["privacy-officer"] } as const;

async function plant(pool: pg.Pool): Promise<void> {
  await pool.query("drop table if exists orders");
  await pool.query(`create table orders as select i as id, 'member-' || i % 100000 as member_id, '13912345678' as phone, '' as address, null::timestamptz as closed_at
    from generate_series(1, ${ROWS}) i`);
  await pool.query("alter table orders add primary key (id)");
  await pool.query("vacuum analyze orders");
}

async function demanded(pool: pg.Pool): Promise<string> {
  const database = await openTestDatabase();
  const statements: number[] = [];
  const timed = {
    async query(statement: string, values?: unknown[]) {
      const at = performance.now();
      const answer = await pool.query(statement, values);
      if (statement.includes("update")) statements.push(performance.now() - at);
      return answer;
    },
  } as never;
  const columns = { closedAt: "closed_at" };
  const order = { table: "orders", key: "id", subject: "member_id", columns };
  const shop = postgresConnector({
    pool: timed,
    tables: { order },
    wal: { keptDays: 7 },
    vacuum: { keptDays: 1 },
  });
  const { privacy, call } = await openFixture(database, { connectors: { shop } });
  const before = process.memoryUsage().heapUsed;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().heapUsed)), 20);
  const start = performance.now();
  const body = {
    trigger: { kind: "platform-demand", platform: "weixin", number: "N-1" },
    selector: { category: "phone" },
  };
  const opened = await call("POST", "/staff/demands", { ...OFFICER, body });
  if (opened.status !== 201) throw new Error(opened.text);
  await privacy.idle();
  const ms = performance.now() - start;
  clearInterval(watch);
  const { rows } = await pool.query("select count(phone)::integer as left from orders");
  if (rows[0].left !== 0) throw new Error("rows are left");
  await privacy.close();
  const [p50, p99, most] = [0.5, 0.99, 1].map((part) => quantile(statements, part).toFixed(1));
  return (
    `  demand: ${ms.toFixed(0)} ms, ${Math.round((ROWS / ms) * 1000)} rows/s, ${statements.length} statements, ` +
    `p50 ${p50}, p99 ${p99}, longest ${most} ms, heap ${mb(before)} MB, at most ${mb(peak)} MB`
  );
}

function mb(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}

async function compare(): Promise<string> {
  const rows = await openTestDatabase();
  const pool = new pg.Pool({ connectionString: rows.url });
  const lines: string[] = [];
  for (let round = 0; round < 3; round++) {
    await plant(pool);
    const start = performance.now();
    await pool.query("update orders set phone = null where phone is not null");
    lines.push(`  one UPDATE: ${(performance.now() - start).toFixed(0)} ms`);
    await plant(pool);
    lines.push(await demanded(pool));
  }
  await pool.end();
  await rows.close();
  return [`${ROWS} rows`, ...lines].join("\n");
}

afterAll(async () => {
  if (isServer) process.stdout.write(`${await compare()}\n`);
}, 600_000);

describe("a demand over a million rows", () => {
  bench("told below", () => {}, { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 });
});
