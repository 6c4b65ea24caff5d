import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { fillDatabaseFolder } from "../database/database-folder.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { type Fixture, memoryStore, openFixture, order, policy, row } from "../privacy.fixture.ts";
import { type CommandOutcome, runCommand } from "./run-command.fixture.ts";

/** What no output may hold. */
const SUBJECT = "lin-13987650001";
const store = memoryStore();
const { erase, count } = store.connector;
let dir: string;
let data: string;
let shop: Fixture;
const printed: string[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "erase-"));
  data = join(dir, "data");
  await fillDatabaseFolder(data);
  shop = await openFixture(await embeddedDatabase(data), { store });
  await writeFile(join(dir, "subject"), `${SUBJECT}\n`);
  await writeFile(join(dir, "config.ts"), "export default () => globalThis.testConfig;");
  const config = { policy, records: [order], connectors: { shop: store.connector } };
  vi.stubGlobal("testConfig", { ...config, authenticate: () => null, backups: "none" });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await rm(dir, { recursive: true });
});

interface Shown {
  readonly id: string;
  readonly requestToken: string;
  readonly state: string;
  readonly steps: readonly object[];
}
async function run(...args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await runCommand(...args, "--data", data);
  printed.push(outcome.stdout, outcome.stderr);
  return outcome;
}
async function json<Result>(code: number, ...args: readonly string[]): Promise<Result> {
  const outcome = await run(...args, "--json");
  expect([outcome.code, outcome.stdout === "" ? outcome.stderr : ""]).toEqual([code, ""]);
  return JSON.parse(outcome.stdout) as Result;
}
const from = () => ["--subject-file", join(dir, "subject")];
function breakStore(): () => void {
  store.connector.erase = () => Promise.reject(new Error(SUBJECT));
  const mend = (): void => void (store.connector.erase = erase);
  onTestFinished(mend);
  return mend;
}
/** Lets a failing erasure look as if it had failed so often that its next attempt is minutes away. */
async function putOff(id: string): Promise<void> {
  const { tables } = shop.database;
  const isPutOff = async (): Promise<boolean> => {
    const few = tables.updateTable("erasure_step").where("request_id", "=", id);
    await few.set({ attempts: 20 }).where("attempts", "<", 20).execute();
    const { attempts, claimed_until } = await tables
      .selectFrom("erasure_step")
      .innerJoin("subject_request", "subject_request.id", "erasure_step.request_id")
      .select(["erasure_step.attempts", "subject_request.claimed_until"])
      .where("erasure_step.request_id", "=", id)
      .executeTakeFirstOrThrow();
    return attempts > 20 && claimed_until === null;
  };
  await expect.poll(isPutOff).toBe(true);
}
async function entries(id: string): Promise<readonly object[]> {
  const rows = await shop.database.tables
    .selectFrom("log_event")
    .select("body")
    .where("kind", "=", "subject-request")
    .orderBy("leaf_index")
    .execute();
  return rows
    .map(({ body }) => JSON.parse(body.toString("utf8")) as { readonly requestId: string })
    .filter(({ requestId }) => requestId === id);
}

describe("miniprivacy erasure plan, beside a running process", () => {
  it("tells what would go, store by store, changes nothing, and leaves an entry", async () => {
    store.rows = [row(SUBJECT), row(SUBJECT, { id: "second" }), row("wang")];
    const before = [...store.rows];
    expect(await json(0, "erasure", "plan", ...from())).toEqual({
      stores: [
        {
          store: "shop",
          record: "order",
          kind: "database",
          evidence: "read-back",
          rows: 2,
          fault: null,
          selector: "order.memberId = {subjectId}",
          technique: "filter",
        },
      ],
    });
    expect(store.rows).toEqual(before);
    expect(await json(0, "request", "list")).toEqual({ requests: [], more: false });
    expect((await run("erasure", "plan", ...from())).stdout).toBe(
      "shop.order  2 rows  order.memberId = {subjectId}  filter\n",
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await json(0, "access", "log", "--purpose", "handle-request")).toMatchObject({
      entries: [
        { caller: "command line", categories: ["phone", "address"], count: 1 },
        { caller: "command line" },
      ],
    });
  });

  it("says which store did not answer", async () => {
    store.connector.count = () => Promise.reject(new Error(SUBJECT));
    onTestFinished(() => void (store.connector.count = count));
    expect(await json(1, "erasure", "plan", ...from())).toMatchObject({
      stores: [{ rows: null, fault: "unavailable", technique: "filter" }],
    });
  });
});

describe("miniprivacy request erase, beside a running process", () => {
  it("WX-4.4.8, WX-4.4.7b: opens an erasure for whoever asked, says in the log by whom, and sees it through", async () => {
    const done = await json<Shown>(0, "request", "erase", ...from(), "--actor", "zhao");
    expect(done).toMatchObject({
      state: "fulfilled",
      steps: expect.arrayContaining([expect.objectContaining({ outcome: "verified-absent" })]),
    });
    expect(store.rows).toEqual([row("wang")]);
    expect((await entries(done.id))[0]).toMatchObject({
      event: "accept",
      by: { role: "command-line", name: "zhao" },
    });
    expect((await entries(done.id)).at(-1)).not.toHaveProperty("by");
    const headers = { "x-request-token": done.requestToken };
    expect((await shop.call("GET", `/requests/${done.id}`, { headers })).status).toBe(200);
  });

  it("reads the person from standard input", async () => {
    store.rows = [row(SUBJECT)];
    const stdin = vi
      .spyOn(process, "stdin", "get")
      .mockReturnValue(Readable.from([SUBJECT]) as never);
    onTestFinished(() => stdin.mockRestore());
    const { code, stdout, stderr } = await run("request", "erase", "--subject-file", "-");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\S{36}\nerase\nfulfilled\n/);
    expect(stdout).toMatch(/token \S{22}: /);
    expect(stderr).toMatch(/^request \S{36}\nstate (?:accepted|executing|fulfilled)\n/);
    expect(store.rows).toEqual([]);
  });

  it.each([
    ["nobody", []],
    ["two", ["--subject", "a", "--subject-file", "b"]],
    ["a file that is not there", ["--subject-file", "nowhere"]],
    ["an empty name", ["--subject", ""]],
    ["a name that is none", ["--subject", "a\u0000b"]],
    ["a time that is none", ["--subject", "a", "--timeout", "soon"]],
  ])("refuses %s", async (_case, args) => {
    expect((await run("request", "erase", ...args)).code).toBe(2);
    expect(
      (await json<{ readonly requests: readonly object[] }>(0, "request", "list", "--open"))
        .requests,
    ).toEqual([]);
  });
});

describe("miniprivacy erasure run, beside a running process", () => {
  it("WX-4.4.7c: tries again now what waits for its next attempt", async () => {
    store.rows = [row(SUBJECT)];
    const mend = breakStore();
    const opened = await run("request", "erase", ...from(), "--timeout", "1", "--json");
    expect([opened.code, opened.stderr]).toEqual([
      1,
      expect.stringMatching(
        /state executing\nshop.order {2}failed .*failed \d+ x {2}unavailable\n/,
      ),
    ]);
    const late = JSON.parse(opened.stdout) as Shown;
    expect(late).toMatchObject({ state: "executing", failingStores: 1 });
    expect(await json(1, "erasure", "run", late.id, "--timeout", "0")).toMatchObject({
      state: "executing",
    });
    await putOff(late.id);
    mend();
    const { code, stderr } = await run("erasure", "run", late.id);
    expect(code).toBe(0);
    expect(stderr).toMatch(/state fulfilled\nshop.order {2}verified-absent {2}rows 1 -> 0\n/);
    expect(store.rows).toEqual([]);
  });

  it("refuses what is not there", async () => {
    const { code, stderr } = await run("erasure", "run", "nothing");
    expect([code, stderr]).toEqual([2, expect.stringContaining("ERR_NOT_FOUND")]);
  });
});

describe("where no process runs", () => {
  const config = () => ["--config", join(dir, "config.ts")];

  it("request erase, erasure run and plan say that nothing reaches the stores", async () => {
    await shop.privacy.close();
    for (const args of [
      ["request", "erase", ...from()],
      ["erasure", "plan", ...from()],
      ["erasure", "run", "x"],
    ]) {
      const { code, stderr } = await run(...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining("no process is reached")]);
    }
  });

  it("a config reaches them", async () => {
    store.rows = [row(SUBJECT)];
    expect(await json(0, "erasure", "plan", ...from(), ...config())).toMatchObject({
      stores: [{ rows: 1 }],
    });
    const mend = breakStore();
    const late = await json<Shown>(1, "request", "erase", ...from(), ...config(), "--timeout", "1");
    expect(late).toMatchObject({ state: "executing" });
    mend();
    expect(await json(0, "erasure", "run", late.id, ...config())).toMatchObject({
      state: "fulfilled",
    });
    expect(store.rows).toEqual([]);
  });

  it("no database is made where there is none", async () => {
    const empty = join(dir, "empty");
    await mkdir(empty);
    const { code } = await runCommand("erasure", "plan", "--data", empty, ...from(), ...config());
    expect(code).toBe(2);
  });
});

it("no output of these commands names the person, failing stores included", () => {
  expect(printed.length).toBeGreaterThan(20);
  for (const text of printed) expect(text).not.toContain(SUBJECT);
});
