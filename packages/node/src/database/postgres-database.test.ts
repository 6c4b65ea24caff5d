import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decision, type Fixture, openFixture, row } from "../privacy.fixture.ts";
import { openTestDatabase, type TestDatabase } from "./database.fixture.ts";
import type { Unit } from "./database.ts";
import { postgresDatabase } from "./postgres-database.ts";
import { openPool, reachable } from "./postgres-pool.ts";
import { preparedOn } from "./prepared-statement.ts";
import type { Tables } from "./tables.ts";

const text = (en: string) => ({ "zh-CN": "中文", en });
const BREACH = {
  schemaVersion: "1",
  status: "halted",
  summary: text("A file was public."),
  occurredFrom: "2026-11-24T04:00:00Z",
  occurredTo: "2026-11-24T07:00:00Z",
  discoveredAt: "2026-11-24T07:30:00Z",
  awareAt: "2026-11-24T08:00:00Z",
  cause: text("A wrong rule."),
  likelyHarm: text("Unwanted calls."),
  measures: [text("Closed it.")],
  selfHelp: [text("Be wary of calls.")],
  contact: { email: "privacy@shop.example" },
  impact: {
    disclosure: "potentially",
    categories: ["phone"],
    personsAtLeast: 1,
    minors: "no",
    jurisdictions: ["CN"],
  },
  platforms: ["weixin"],
  deliveries: [],
};

/** Stands between a deployment and its server, and can be away. */
interface Line {
  readonly url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Lets nothing more through, and ends nothing. */
  hang(): void;
}

async function openLine(server: string): Promise<Line> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  const pairs = new Set<readonly [Socket, Socket]>();
  let proxy: Server | undefined;
  let at = 0;
  async function mend(): Promise<void> {
    proxy = createServer((near) => {
      const far = connect(Number(port || 5432), hostname);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => [near, far].forEach((other) => other.destroy()));
      }
      near.pipe(far).pipe(near);
      pairs.add([near, far]);
    });
    proxy.listen(at, "127.0.0.1");
    await once(proxy, "listening");
    at = (proxy.address() as AddressInfo).port;
  }
  await mend();
  const url = new URL(server);
  url.host = `127.0.0.1:${at}`;
  return {
    url: url.href,
    mend,
    hang: () => pairs.forEach(([near, far]) => void near.unpipe(far).pause()),
    async cut() {
      const closed = once(proxy!, "close");
      proxy!.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

describe("postgresDatabase", () => {
  it("says when there is no server", async () => {
    await expect(postgresDatabase("postgres://nobody@127.0.0.1:1/none")).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
    });
  });
});

// Not there, the tests are not counted as skipped.
const onServer = process.env["TEST_DATABASE"] === undefined ? [] : ["PostgreSQL"];
describe.each(onServer)("while %s is away", () => {
  let database: TestDatabase;
  let line: Line;
  let shop: Fixture;
  const faults: unknown[] = [];
  const onFault = (fault: unknown): void => void faults.push(fault);
  beforeAll(async () => {
    process.on("uncaughtExceptionMonitor", onFault);
    database = await openTestDatabase();
    line = await openLine(database.url!);
    const keys = database.keys!;
    shop = await openFixture({ ...(await postgresDatabase(line.url)), keys });
  });
  beforeEach(() => void (faults.length = 0));
  afterAll(async () => {
    process.off("uncaughtExceptionMonitor", onFault);
    await shop.privacy.close();
    await line.cut();
    await database.close();
  });

  /** What is served from memory. */
  const WITHOUT_DATABASE = ["GET /health", "GET /policy", "GET /.well-known/jwks.json"];
  const BODIES: { readonly [route: string]: object } = {
    "POST /consents": { decisions: [decision({ decision: "refused", purpose: "marketing" })] },
    "PUT /data/{record}/{id}": { phone: "1" },
    "POST /requests": { kind: "erase" },
    "POST /staff/breaches": BREACH,
    "POST /staff/authorizations": {
      kind: "instruction",
      platform: "weixin",
      source: { title: "Letter", date: "2026-11-01", confidence: "official" },
    },
    "POST /staff/orders": { closes: { purpose: "marketing" } },
    "POST /staff/undertakings": {
      staff: "lin",
      documentDigest: "ab".repeat(32),
      signedAt: "2026-11-01T00:00:00Z",
    },
    "POST /staff/demands": {
      trigger: { kind: "platform-demand", platform: "weixin", number: "1" },
      selector: { category: "phone" },
    },
    "POST /staff/tasks": { requestId: "x", store: "shop", record: "order", answer: "erased" },
    "POST /staff/requests/{id}/refuse": { reason: "not-covered" },
    "POST /staff/requests/{id}/extend": { reason: "complexity" },
    "POST /staff/access/explain": { subject: "lin", purpose: "delivery", categories: [] },
  };

  /** Every route there is, as somebody who may call it would. */
  async function everyCall(): Promise<readonly (() => Promise<readonly unknown[]>)[]> {
    const { body } = await shop.call("GET", "/openapi.json");
    const routes = Object.entries(body["paths"] as { [path: string]: object }).flatMap(
      ([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.length).toBeGreaterThan(15);
    const needing = routes.filter((route) => !WITHOUT_DATABASE.includes(route));
    return needing.map((route) => async () => {
      const [method, path] = route.split(" ") as [string, string];
      const concrete = path
        .replace("{purpose}", "delivery")
        .replace("{record}/{id}", `order/order-of-lin`)
        .replaceAll(/\{\w+\}/g, "x");
      const answer = await shop.call(method, concrete + (path === "/log/proof" ? "?index=0" : ""), {
        as: "lin",
        roles: ["privacy-officer"],
        body: BODIES[route],
      });
      return [route, answer.status, answer.body["code"]];
    });
  }

  it("every endpoint that needs it answers 503, and all serve again when it is back", async () => {
    await shop.give("lin", "delivery");
    shop.store.rows.push(row("lin"));
    const calls = await everyCall();
    await line.cut();
    for (const call of calls) {
      const [route, status, code] = await call();
      expect([route, status, code]).toEqual([route, 503, "ERR_STORE_UNAVAILABLE"]);
    }
    expect((await shop.call("GET", "/policy")).status).toBe(200);
    await expect(shop.privacy.access.for("nobody", "delivery")).rejects.toBeDefined();
    await line.mend();
    for (const call of calls) {
      const [route, status] = (await call()) as [string, number];
      expect([route, status]).toEqual([
        route,
        expect.toSatisfy((is) => [200, 201, 404].includes(is)),
      ]);
      expect([route, status === 404]).toEqual([
        route,
        /^(?!PUT).*\{id\}(?:\/\w+)?$|^POST \/staff\/tasks$/.test(route),
      ]);
    }
    await shop.privacy.idle();
    expect(shop.store.rows).toEqual([]);
    expect(faults).toEqual([]);
  });

  it("a connection that hangs is given up, and another one takes its place", async () => {
    const pool = openPool(line.url, { poolSize: 1, statementMs: 300 });
    const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: reachable(pool) }) });
    const ask = (unit: Unit) => unit.selectFrom("log_head").select("size").execute();
    const ways = [
      () => ask(tables),
      () => tables.transaction().execute(ask),
      () => preparedOn(pool)("head", "select size from log_head", []),
    ];
    for (const way of ways) {
      expect(await way()).toHaveLength(1);
      line.hang();
      await expect(way()).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
      expect(await way()).toHaveLength(1);
    }
    await tables.destroy();
    expect(faults).toEqual([]);
  });

  it("a transaction whose connection is ended fails alone, and the process lives", async () => {
    await shop.give("wang", "delivery");
    const { tables } = shop.database;
    const ended = tables.transaction().execute(async (unit) => {
      const { pid } = (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(unit))
        .rows[0]!;
      await endBackends(database.url!, `pid = ${pid}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await unit.selectFrom("log_head").select("size").execute();
    });
    await expect(ended).rejects.toBeDefined();
    expect((await shop.call("GET", "/consents", { as: "wang" })).status).toBe(200);
    expect(faults).toEqual([]);
  });

  it("a server that ends every session costs at most the calls under way", async () => {
    const calls = Array.from({ length: 20 }, (_, i) => shop.give(`person-${i}`, "delivery"));
    await endBackends(database.url!, "pid <> pg_backend_pid() and datname = current_database()");
    for (const { status } of await Promise.all(calls)) expect([201, 503, 400]).toContain(status);
    for (let i = 0; i < 20; i++)
      await expect.poll(async () => (await shop.give(`person-${i}`, "delivery")).status).toBe(201);
    const leaves = await shop.database.tables.selectFrom("log_leaf").select("leaf_index").execute();
    const indices = leaves.map(({ leaf_index }) => Number(leaf_index)).toSorted((a, b) => a - b);
    expect(indices).toEqual(indices.map((_, i) => i));
    expect(faults).toEqual([]);
  });
});

async function endBackends(url: string, which: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${which}`);
  await client.end();
}
