import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeys } from "../key/keys.ts";
import { decision, openFixture } from "../privacy.fixture.ts";
import { openTestDatabase } from "./database.fixture.ts";
import { embeddedDatabase } from "./embedded-database.ts";

describe("a deployment", () => {
  it("refuses a process that brings other keys", async () => {
    const database = await openTestDatabase();
    await openFixture(database);
    const others = { ...database, keys: await createKeys() };
    await expect(openFixture(others)).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
    await database.close();
  });

  it("keeps its log whole when several of its processes write at once", async () => {
    const database = await openTestDatabase({ poolSize: 8 });
    const processes = await Promise.all([openFixture(database), openFixture(database)]);
    const rounds = Array.from({ length: 40 }, (_, i) => i);
    const answers = await Promise.all(
      rounds.map((i) => {
        const body = { decisions: [decision({ decision: "refused", purpose: "marketing" })] };
        return processes[i % 2]!.call("POST", "/consents", { as: `person-${i % 7}`, body });
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(rounds.map(() => 201));
    const leaves = await database.tables.selectFrom("log_leaf").select("leaf_index").execute();
    const indices = leaves.map(({ leaf_index }) => Number(leaf_index)).toSorted((a, b) => a - b);
    expect(indices).toEqual(rounds);
    const people = await database.tables.selectFrom("subject").select("epoch").execute();
    expect(new Set(people.map(({ epoch }) => epoch)).size).toBe(7);
    await database.close();
  });
});

describe("embeddedDatabase", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "embedded-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it("keeps data and keys in its folder, and lets the next one in when it is closed", async () => {
    const first = await embeddedDatabase(dir);
    const shop = await openFixture(first);
    await shop.give("lin", "delivery");
    const opening = embeddedDatabase(dir);
    await shop.privacy.close();
    const again = await opening;
    expect(again.keys!.signer.kid).toBe(first.keys!.signer.kid);
    const { body } = await (await openFixture(again)).call("GET", "/consents", { as: "lin" });
    expect(body["consents"]).toMatchObject([{ status: "given" }, { status: "unknown" }]);
    await again.close();
  });
});
