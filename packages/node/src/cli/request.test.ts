import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillDatabaseFolder } from "../database/database-folder.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { type Fixture, memoryStore, openFixture, policy, row } from "../privacy.fixture.ts";
import { runCommand } from "./run-command.fixture.ts";

const DAY_MS = 86_400_000;
/** What no output may hold. */
const SUBJECT = "lin-13987650001";
const store = memoryStore();
let dir: string;
let data: string;
let shop: Fixture;
let failing = true;
let id: string;
const printed: string[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "request-"));
  data = join(dir, "data");
  const { erase } = store.connector;
  store.connector.erase = (record, of) =>
    failing ? Promise.reject(new Error(of.subjectId)) : erase(record, of);
  store.rows.push(row(SUBJECT));
  await fillDatabaseFolder(data);
  shop = await openFixture(await embeddedDatabase(data), { store });
  const opened = await shop.call("POST", "/requests", { as: SUBJECT, body: { kind: "erase" } });
  id = String(opened.body["id"]);
  await until(async () => (await show()).failingStores === 1);
  await writeFile(join(dir, "policy.json"), JSON.stringify(policy));
});
afterAll(async () => {
  await rm(dir, { recursive: true });
});

async function run(...args: readonly string[]) {
  const outcome = await runCommand(...args, "--data", data);
  printed.push(outcome.stdout, outcome.stderr);
  return outcome;
}
async function json<Result>(...args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Result;
}
interface Listed {
  readonly requests: readonly object[];
  readonly more: boolean;
}
const list = (...args: readonly string[]) => json<Listed>("request", "list", ...args);
const show = () =>
  json<{ readonly failingStores: number; readonly steps: readonly object[] }>(
    "request",
    "show",
    id,
  );
async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("miniprivacy request, beside a running process", () => {
  it("PIPL-50, WX-4.4.8: list tells what is open, how long there is left, and how many stores fail", async () => {
    const { requests, more } = await list("--open");
    expect(more).toBe(false);
    expect(requests).toEqual([
      {
        id,
        kind: "erase",
        state: "executing",
        receivedAt: "2026-11-24T08:00:00.000Z",
        warnAt: "2026-12-08T15:59:59.999Z",
        dueAt: "2026-12-15T15:59:59.999Z",
        urgency: "in-time",
        daysLeft: 21,
        failingStores: 1,
      },
    ]);
    expect((await list("--due-before", "2026-12-15")).requests).toEqual([]);
    expect((await list("--due-before", "2026-12-16")).requests).toHaveLength(1);
    expect((await list("--tenant", "other")).requests).toEqual([]);
    const { stdout } = await run("request", "list");
    expect(stdout).toMatch(
      /^\S{36} {2}erase {2}executing {2}received .*Z {2}21 days left {2}failing stores: 1\n$/,
    );
  });

  it("PIPL-50: list warns before it is too late, and says what is overdue", async () => {
    shop.pass(15 * DAY_MS);
    expect((await list()).requests).toMatchObject([{ urgency: "warn", daysLeft: 6 }]);
    expect((await run("request", "list")).stdout).toContain("WARNING: 6 days left");
    shop.pass(8 * DAY_MS);
    expect((await list()).requests).toMatchObject([{ urgency: "overdue", daysLeft: -2 }]);
    expect((await run("request", "list")).stdout).toContain("OVERDUE, day 2");
    shop.pass(-23 * DAY_MS);
  });

  it("WX-4.4.7c: show tells what every store has come to", async () => {
    expect((await show()).steps).toEqual([
      {
        store: "shop",
        record: "order",
        outcome: "failed",
        countBefore: 1,
        countAfter: null,
        attempts: expect.any(Number),
        fault: "unavailable",
        until: null,
      },
    ]);
    expect((await run("request", "show", id)).stdout).toMatch(
      /\nshop.order {2}failed {2}rows 1 -> \? {2}failed \d+ x {2}unavailable\n$/,
    );
    const nothing = await run("request", "show", "00000000");
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining("ERR_NOT_FOUND")]);
  });

  it("WX-4.4.7c: erasure status tells what is not done, and when it is tried next", async () => {
    const { erasures } = await json<{ readonly erasures: readonly object[] }>("erasure", "status");
    expect(erasures).toEqual([
      {
        tenant: "",
        id,
        kind: "erase",
        state: "executing",
        receivedAt: "2026-11-24T08:00:00.000Z",
        nextAttemptAt: expect.toSatisfy((at) => at === null || !Number.isNaN(Date.parse(at))),
        failing: [
          { store: "shop", record: "order", attempts: expect.any(Number), fault: "unavailable" },
        ],
      },
    ]);
    await until(async () =>
      /next attempt 20.*Z\n {2}shop.order {2}failed \d+ x {2}unavailable/.test(
        (await run("erasure", "status")).stdout,
      ),
    );
  });

  it.each([
    ["a limit that is none", "list", "--limit", "0"],
    ["a date that is none", "list", "--due-before", "soon"],
    ["no request", "show"],
  ])("refuses %s", async (_case, ...args) => {
    expect((await run("request", ...args)).code).toBe(2);
  });
});

describe("miniprivacy request, where no process runs", () => {
  it("reads the database, and warns where a policy says whose rules hold", async () => {
    failing = false;
    await shop.privacy.idle();
    await shop.privacy.close();
    expect((await list("--open")).requests).toEqual([]);
    expect((await list()).requests).toEqual([
      expect.not.objectContaining({ warnAt: expect.anything() }),
    ]);
    const warned = await list("--policy", join(dir, "policy.json"));
    expect(warned.requests).toMatchObject([
      { state: "fulfilled", warnAt: "2026-12-08T15:59:59.999Z" },
    ]);
    const { stdout } = await run("request", "show", id);
    expect(stdout).toMatch(/shop.order {2}verified-absent {2}rows 1 -> 0\n/);
    expect(stdout).toMatch(/certificate \S+\n$/);
    expect((await run("erasure", "status")).stdout).toBe("nothing is unfinished\n");
  });
});

it("no output of these commands names the person, failing stores included", () => {
  expect(printed.length).toBeGreaterThan(20);
  for (const text of printed) expect(text).not.toContain(SUBJECT);
});
