import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fillDatabaseFolder } from "../database/database-folder.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import type { Demand } from "../demand/demand.ts";
import { type Fixture, memoryStore, openFixture, row } from "../privacy.fixture.ts";
import { type CommandOutcome, runCommand } from "./run-command.fixture.ts";

const store = memoryStore();
let dir: string;
let shop: Fixture;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "demand-"));
  await fillDatabaseFolder(dir);
  shop = await openFixture(await embeddedDatabase(dir), { store });
});
afterAll(async () => {
  await shop.privacy.close();
  await rm(dir, { recursive: true });
});
beforeEach(() => {
  store.rows = [row("lin"), row("wang"), row("zhao", { tenant: "north" })];
});

const run = (...args: readonly string[]): Promise<CommandOutcome> =>
  runCommand("demand", ...args, "--data", dir);
const open = (...args: readonly string[]): Promise<CommandOutcome> =>
  run("open", "--platform", "weixin", ...args);
const phones = ["--category", "phone"];

describe("miniprivacy demand", () => {
  it("WX-4.4.5b, WX-4.7a: tells first what would go, and does nothing without --yes", async () => {
    const planned = await run("plan", ...phones);
    expect([planned.code, planned.stdout]).toEqual([0, "shop.order  phone  2 rows of 2 people\n"]);
    const unsaid = await open("--number", "N-1", ...phones);
    expect(unsaid.code).toBe(1);
    expect(unsaid.stdout).toContain("2 rows of 2 people\nnothing was done: --yes does it\n");
    expect(store.rows[0]).toEqual(row("lin"));
    expect((await run("status")).stdout).toBe("no demand\n");
  });

  it("WX-4.7c: is one command from the demand to its certificate", async () => {
    const done = await open("--number", "N-1", ...phones, "--yes", "--json");
    const demand = JSON.parse(done.stdout) as Demand;
    expect([done.code, demand]).toMatchObject([
      0,
      {
        state: "finished",
        trigger: { kind: "platform-demand", platform: "weixin", number: "N-1" },
        selector: { category: "phone" },
        steps: [{ rows: 2, erased: 2, outcome: "verified-absent" }],
        certificateId: expect.any(String),
      },
    ]);
    expect(done.stderr).toContain(`${demand.id} open`);
    expect(store.rows.map(({ phone }) => phone)).toEqual([null, null, "13912345678"]);
    const { stdout } = await run("status", demand.id);
    expect(stdout).toContain("weixin N-1  category phone  finished");
    expect(stdout).toContain("shop.order  verified-absent  2 of 2 rows");
    expect(stdout).toContain(`certificate ${demand.certificateId!}`);
  });

  it("says what it refuses", async () => {
    const refused = await open(
      "--number",
      "N-2",
      ...phones,
      "--until",
      "2026-11-01T00:00:00Z",
      "--yes",
    );
    expect([refused.code, refused.stdout]).toEqual([1, "refused: undated-records order\n"]);
    const none = await open("--number", "N-2", "--collected-in", "kuaishou", "--yes");
    expect([none.code, none.stdout]).toEqual([1, "refused: nothing-selected\n"]);
    expect(store.rows[0]).toEqual(row("lin"));
  });

  it("WX-4.10a: erases all of one tenant", async () => {
    const done = await open("--everything", "--tenant", "north", "--yes");
    expect(done.code).toBe(0);
    expect(store.rows).toEqual([row("lin"), row("wang")]);
    expect((await run("status", "--tenant", "north")).stdout).toContain(
      "weixin contract-exit  everything  finished",
    );
  });

  it.each([
    [[]],
    [["--everything", ...phones]],
    [["--category", "no-such"]],
    [["--source", "rumour"]],
    [[...phones, "--until", "yesterday"]],
  ])("cannot be misunderstood: %j", async (selector) => {
    const outcome = await open("--number", "N-3", ...selector, "--yes");
    expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
    expect(store.rows[0]).toEqual(row("lin"));
  });

  it("knows no demand of another tenant", async () => {
    const [demand] = JSON.parse((await run("status", "--json")).stdout).demands as readonly [
      Demand,
    ];
    expect((await run("status", demand.id, "--tenant", "north")).code).toBe(2);
  });
});
