import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "@miniprivacy/core/policy";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillDatabaseFolder } from "../database/database-folder.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { type Fixture, openFixture, policy, row } from "../privacy.fixture.ts";
import { runCommand } from "./run-command.fixture.ts";
import { parseSince } from "./since.ts";

let dir: string;
let data: string;
let shop: Fixture;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "access-"));
  data = join(dir, "data");
  await fillDatabaseFolder(data);
  shop = await openFixture(await embeddedDatabase(data));
  await shop.give("lin", "delivery");
  for (const purpose of ["delivery", "marketing"] as const) {
    const reader = await shop.privacy.access.for("lin", purpose, { caller: `${purpose}-job` });
    for (let i = 0; i < 4; i++) reader.read("order", row("lin") as never);
  }
  await new Promise((resolve) => setTimeout(resolve, 700));
  await writeFile(join(dir, "policy.json"), JSON.stringify(policy));
});
afterAll(() => rm(dir, { recursive: true }));

const run = (...args: readonly string[]) => runCommand("access", ...args, "--data", data);
const json = async (...args: readonly string[]): Promise<unknown> => {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};
const EXPLAIN = ["explain", "--subject", "lin", "--purpose"];

describe("miniprivacy access, beside a running process", () => {
  it("log: tells who read what for which purpose", async () => {
    const { entries } = (await json("log", "--since", "2026-11-24T08:00:00Z")) as {
      entries: readonly object[];
    };
    expect(entries).toMatchObject([
      { purpose: "delivery", decision: "permitted", caller: "delivery-job", count: 4 },
      { purpose: "marketing", decision: "denied", reason: "consent-missing", count: 4 },
    ]);
    expect(Object.keys(entries[0]!)).toEqual([
      "at",
      "subjectRef",
      "purpose",
      "categories",
      "decision",
      "caller",
      "count",
    ]);
    for (const [none, ...filter] of [
      ["purpose", "--purpose", "other"],
      ["category", "--category", "openid"],
      ["caller", "--caller", "nobody"],
      ["tenant", "--tenant", "other"],
      ["until", "--until", "2026-11-24T08:00:00Z"],
    ])
      expect([none, await json("log", ...filter)]).toEqual([none, { entries: [] }]);
    const { stdout } = await run("log", "--category", "address", "--limit", "1");
    expect(stdout).toMatch(/^2026-11-24T08:00:00.000Z {2}permitted {2}delivery {2}phone,address/);
    expect(stdout).not.toContain("lin");
  });

  it("WX-4.4.4b: explain tells the decision, what it rests on and what would change it", async () => {
    expect(await json(...EXPLAIN, "delivery", "--category", "phone", "address")).toMatchObject({
      decision: { permitted: true, ground: "consent" },
      facts: { consent: { status: "given" } },
      wouldChange: [],
    });
    const { stdout } = await run(...EXPLAIN, "marketing", "--category", "phone");
    expect(stdout).toContain("denied: consent-missing (WX-4.4.3, PIPL-13)");
    expect(stdout).toContain("尚未就这一处理目的取得个人同意");
    expect(stdout).toContain("would change it: consent");
    expect(stdout).toContain("would change it: platform-authorization");
  });

  it("explain leaves an entry: whoever asks learns what a person decided", async () => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    const { entries } = (await json("log", "--purpose", "handle-request")) as {
      entries: readonly object[];
    };
    expect(entries).toContainEqual(
      expect.objectContaining({ caller: "command line", categories: ["phone", "address"] }),
    );
  });

  it("what-if: tells what another policy would have denied", async () => {
    const narrowed = {
      ...policy,
      version: "2",
      purposes: {
        ...policy.purposes,
        delivery: { ...policy.purposes.delivery, categories: ["address"] },
      },
    } as unknown as Policy;
    await writeFile(join(dir, "next.json"), JSON.stringify(narrowed));
    const since = ["--since", "2026-11-24T00:00:00Z"];
    expect(await json("what-if", join(dir, "next.json"), ...since)).toEqual({
      reads: 4,
      denied: [
        {
          purpose: "delivery",
          categories: ["phone", "address"],
          caller: "delivery-job",
          reason: "category-not-in-purpose",
          count: 4,
        },
      ],
    });
    const changed = {
      ...policy,
      version: "2",
      purposes: {
        ...policy.purposes,
        delivery: {
          ...policy.purposes.delivery,
          text: { "zh-CN": "改", en: "Something else" },
        },
      },
    } as unknown as Policy;
    await writeFile(join(dir, "next.json"), JSON.stringify(changed));
    expect(await json("what-if", join(dir, "next.json"), ...since)).toMatchObject({
      denied: [{ reason: "consent-for-older-notice", count: 4 }],
    });
    expect(await json("what-if", join(dir, "policy.json"), ...since)).toEqual({
      reads: 4,
      denied: [],
    });
    expect((await run("what-if", join(dir, "next.json"), ...since)).stdout).toContain(
      "4 x  delivery  phone,address  delivery-job  consent-for-older-notice",
    );
  });

  it("observed: tells nothing where nothing is observed", async () => {
    expect(await json("observed", "--since", "2026-11-24T00:00:00Z")).toEqual({ reads: [] });
  });

  it.each([
    ["a moment that is none", "log", "--since", "yesterday"],
    ["a limit that is none", "log", "--limit", "0"],
    ["no subject", "explain", "--purpose", "delivery", "--category", "phone"],
    ["a policy that is none", "what-if", "nowhere.json"],
  ])("refuses %s", async (_case, ...args) => {
    expect((await run(...args)).code).toBe(2);
  });
});

describe("miniprivacy access, where no process runs", () => {
  it("answers from the database, with the policy it is given", async () => {
    await shop.privacy.close();
    const decided = [...EXPLAIN, "delivery", "--category", "phone"];
    expect(await json(...decided, "--policy", join(dir, "policy.json"))).toMatchObject({
      decision: { permitted: true },
    });
    expect((await run(...decided)).code).toBe(2);
    expect(await json("log", "--purpose", "delivery")).toMatchObject({ entries: [{ count: 4 }] });
    expect(await json("log", "--purpose", "handle-request", "--category", "address")).toMatchObject(
      {
        entries: [{ caller: "command line" }],
      },
    );
  });
});

describe("parseSince", () => {
  it("reads what was so long ago", () => {
    const now = Date.UTC(2026, 10, 24);
    expect(parseSince("30m", now)).toBe("2026-11-23T23:30:00.000Z");
    expect(parseSince("24h", now)).toBe("2026-11-23T00:00:00.000Z");
    expect(parseSince("7d", now)).toBe("2026-11-17T00:00:00.000Z");
  });
});
