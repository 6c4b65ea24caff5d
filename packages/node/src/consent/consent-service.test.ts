import { verifyStatement } from "@miniprivacy/core/certificate";
import {
  appendLeaf,
  blindedDigest,
  EMPTY_FRONTIER,
  frontierRoot,
  leafContent,
  leafHash,
} from "@miniprivacy/core/log";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Answer, decision, type Fixture, openFixture, policy } from "../privacy.fixture.ts";

const DAY_MS = 86_400_000;
let database: Database;
let shop: Fixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openFixture(database);
});
afterAll(() => shop.privacy.close());

async function notice(as: string, purposes = "delivery"): Promise<string> {
  const { body } = await shop.call("GET", `/notice?language=en&purposes=${purposes}`, { as });
  return body["token"] as string;
}
function post(as: string, ...decisions: readonly object[]): Promise<Answer> {
  return shop.call("POST", "/consents", { as, body: { decisions } });
}
async function status(as: string, purpose = "delivery"): Promise<string | undefined> {
  const { body } = await shop.call("GET", "/consents", { as });
  return (body["consents"] as { purpose: string; status: string }[]).find(
    (entry) => entry.purpose === purpose,
  )?.status;
}
async function erase(as: string): Promise<void> {
  await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
  await shop.privacy.idle();
}
const code = ({ body }: Answer): unknown => (body["results"] as { code?: string }[])[0]!.code;
const receipt = ({ body }: Answer): string =>
  (body["results"] as { receipt: string }[])[0]!.receipt;

describe("a grant", () => {
  it("WX-4.4.3, PIPL-17: rests on the notice served, and is answered with a receipt anybody can check", async () => {
    const { body } = await shop.call("GET", "/notice?language=zh-CN&purposes=delivery", {
      as: "a1",
    });
    expect(body).toMatchObject({ purposes: ["delivery"], language: "zh-CN" });
    expect(body["text"]).toContain("中文 Delivery");
    expect(body["text"]).not.toContain("中文 Marketing");
    const answer = await post("a1", decision({ notice: body["token"] }));
    expect(answer.status).toBe(201);
    const keys = await shop.call("GET", "/.well-known/jwks.json");
    const verified = await verifyStatement(receipt(answer), {
      keys: keys.body as never,
      now: shop.now(),
    });
    expect(verified).toMatchObject({
      verdict: "valid",
      type: "consent-receipt+jwt",
      claims: {
        status: "given",
        purpose: { id: "delivery" },
        notice: { language: "zh-CN" },
        policy: { id: "test-shop" },
      },
    });
    expect(await status("a1")).toBe("given");
  });

  it("without a notice, or with one nobody here made, is 400", async () => {
    const token = await notice("a2");
    const changed = `${token.slice(0, 20)}${token[20] === "A" ? "B" : "A"}${token.slice(21)}`;
    for (const bad of [undefined, "", "x", "x.y", "x.y.z", changed, `${token}A`]) {
      const answer = await post("a2", decision(bad === undefined ? {} : { notice: bad }));
      expect([answer.status, code(answer)]).toEqual([400, "ERR_NOTICE_INVALID"]);
    }
    expect(await status("a2")).toBe("unknown");
  });

  it("sent again is answered with the same bytes, whatever has changed since", async () => {
    const body = decision({ notice: await notice("a2b") });
    const first = await post("a2b", body);
    shop.pass(38 * DAY_MS);
    await post("a2b", decision({ decision: "withdrawn" }));
    const again = await post("a2b", body);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(await status("a2b")).toBe("withdrawn");
    const other = await post("a2b", { ...body, counter: 7 });
    expect([other.status, code(other)]).toEqual([409, "ERR_STORE_CONFLICT"]);
  });

  it("on another's notice, or for a purpose it did not show, is 409", async () => {
    const token = await notice("a3");
    for (const answer of [
      await post("a4", decision({ notice: token })),
      await post("a3", decision({ notice: token, purpose: "marketing" })),
    ]) {
      expect([answer.status, code(answer)]).toEqual([409, "ERR_NOTICE_STALE"]);
    }
  });

  it("on a notice past its time is 409", async () => {
    const token = await notice("a5");
    shop.pass(37 * DAY_MS);
    expect((await post("a5", decision({ notice: token }))).status).toBe(201);
    const late = await notice("a6");
    shop.pass(37 * DAY_MS + 1);
    expect((await post("a6", decision({ notice: late }))).status).toBe(409);
  });

  it("older than the last refusal or withdrawal of its purpose is stale", async () => {
    const token = await notice("a7");
    await post("a7", decision({ decision: "refused" }));
    expect((await post("a7", decision({ notice: token }))).status).toBe(409);
    expect((await post("a7", decision({ notice: await notice("a7") }))).status).toBe(201);
    const before = await notice("a7");
    await shop.call("DELETE", "/consents/delivery", { as: "a7" });
    expect((await post("a7", decision({ notice: before }))).status).toBe(409);
    expect(await status("a7")).toBe("withdrawn");
  });

  it("WX-4.4.7b: on a notice from before an erasure is stale, also for who had decided nothing yet", async () => {
    const first = await notice("a11");
    await erase("a11");
    expect(code(await post("a11", decision({ notice: first })))).toBe("ERR_NOTICE_STALE");
    const second = await notice("a11");
    await shop.give("a11", "delivery");
    await erase("a11");
    expect(code(await post("a11", decision({ notice: second })))).toBe("ERR_NOTICE_STALE");
    expect(await status("a11")).toBe("unknown");
    expect((await post("a11", decision({ notice: await notice("a11") }))).status).toBe(201);
  });

  it("older than a withdrawal is stale, whatever the purpose stood at when it was withdrawn", async () => {
    for (const denial of ["withdrawn", "refused", undefined]) {
      const as = `a12-${denial}`;
      if (denial !== undefined) await post(as, decision({ decision: denial }));
      const token = await notice(as);
      const answer = await shop.call("DELETE", "/consents/delivery", { as });
      expect([answer.status, answer.body["status"]]).toEqual([200, "withdrawn"]);
      expect(code(await post(as, decision({ notice: token })))).toBe("ERR_NOTICE_STALE");
      expect(await status(as)).toBe("withdrawn");
    }
  });

  it("is not stale because another purpose was refused", async () => {
    const token = await notice("a8", "delivery,marketing");
    await post("a8", decision({ purpose: "marketing", decision: "refused" }));
    expect((await post("a8", decision({ notice: token }))).status).toBe(201);
  });

  it("PIPL-14: counts no longer once its purpose has changed, and its notice is stale", async () => {
    await shop.give("a9", "delivery");
    const token = await notice("a10");
    const changed = {
      ...policy,
      purposes: {
        ...policy.purposes,
        delivery: { ...policy.purposes.delivery, text: { "zh-CN": "新", en: "New" } },
      },
    };
    const next = await openFixture(database, { policy: changed });
    next.pass(shop.now() - next.now());
    const list = await next.call("GET", "/consents", { as: "a9" });
    expect((list.body["consents"] as { status: string }[])[0]!.status).toBe("invalidated");
    const answer = await next.call("POST", "/consents", {
      as: "a10",
      body: { decisions: [decision({ notice: token })] },
    });
    expect(answer.status).toBe(409);
  });
});

describe("a refusal or withdrawal", () => {
  it("WX-4.4.4d, PIPL-15: is always accepted, without any notice", async () => {
    expect((await post("b1", decision({ decision: "refused" }))).status).toBe(201);
    expect(await status("b1")).toBe("refused");
    expect((await post("b1", decision({ decision: "withdrawn" }))).status).toBe(201);
    expect(await status("b1")).toBe("withdrawn");
  });

  it("by DELETE is recorded each time", async () => {
    await shop.give("b2", "delivery");
    const first = await shop.call("DELETE", "/consents/delivery", { as: "b2" });
    const again = await shop.call("DELETE", "/consents/delivery", { as: "b2" });
    expect([first.body["status"], again.body["status"]]).toEqual(["withdrawn", "withdrawn"]);
    expect(again.body["receipt"]).not.toBe(first.body["receipt"]);
  });

  it("PIPL-15: of a purpose that the policy has dropped is accepted too", async () => {
    await shop.give("b4", "marketing");
    const { delivery } = policy.purposes;
    const next = await openFixture(database, {
      policy: { ...policy, version: "2", purposes: { delivery } },
      earlierPolicies: [policy],
    });
    next.pass(shop.now() - next.now());
    const answer = await next.call("DELETE", "/consents/marketing", { as: "b4" });
    expect(answer.body["status"]).toBe("withdrawn");
    const { body } = await shop.call("GET", "/consents", { as: "b4" });
    expect(body["consents"]).toContainEqual(
      expect.objectContaining({ purpose: "marketing", status: "withdrawn" }),
    );
    const grant = decision({ purpose: "marketing", notice: await notice("b4", "marketing") });
    const refused = await next.call("POST", "/consents", {
      as: "b4",
      body: { decisions: [grant] },
    });
    expect(code(refused)).toBe("ERR_PURPOSE_UNKNOWN");
  });

  it("of a purpose nobody declared is 400", async () => {
    expect((await shop.call("DELETE", "/consents/other", { as: "b3" })).status).toBe(400);
    expect(code(await post("b3", decision({ purpose: "__proto__", decision: "refused" })))).toBe(
      "ERR_PURPOSE_UNKNOWN",
    );
  });
});

describe("the same decision sent again", () => {
  it("gives the same receipt, byte for byte; with another content it is 409", async () => {
    const sent = decision({ notice: await notice("c1") });
    const first = await post("c1", sent);
    const [again, meanwhile] = await Promise.all([post("c1", sent), post("c1", sent)]);
    expect([again.text, meanwhile.text]).toEqual([first.text, first.text]);
    const other = await post("c1", { ...sent, counter: 1 });
    expect([other.status, code(other)]).toEqual([409, "ERR_STORE_CONFLICT"]);
  });

  it("sent twice at once is recorded once", async () => {
    const sent = decision({ notice: await notice("c2") });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post("c2", sent)));
    expect(new Set(answers.map(receipt)).size).toBe(1);
  });

  it("by somebody else is that person's own", async () => {
    const sent = decision({ decision: "refused" });
    const [one, two] = [await post("c3", sent), await post("c4", sent)];
    expect(receipt(one)).not.toBe(receipt(two));
  });
});

describe("a batch", () => {
  it("gives one result an item, and one bad item spoils no other", async () => {
    const token = await notice("d1");
    const answer = await post(
      "d1",
      decision({ notice: token }),
      decision({ purpose: "other", decision: "refused" }),
      decision({ purpose: "marketing", decision: "refused" }),
    );
    expect(answer.status).toBe(207);
    expect((answer.body["results"] as { status: number }[]).map((result) => result.status)).toEqual(
      [201, 400, 201],
    );
    expect([await status("d1"), await status("d1", "marketing")]).toEqual(["given", "refused"]);
  });

  it("a second grant renews the first", async () => {
    await shop.give("d2", "delivery");
    await shop.give("d2", "delivery");
    expect(await status("d2")).toBe("renewed");
  });
});

describe("the log behind it", () => {
  it("WX-4.4.1c: has no gap, commits to every body, and its head is the root of its leaves", async () => {
    const leaves = await database.tables
      .selectFrom("log_leaf")
      .selectAll()
      .orderBy("leaf_index")
      .execute();
    const events = await database.tables
      .selectFrom("log_event")
      .selectAll()
      .orderBy("leaf_index")
      .execute();
    const head = await database.tables.selectFrom("log_head").selectAll().executeTakeFirstOrThrow();
    expect(leaves.map(({ leaf_index }) => Number(leaf_index))).toEqual(leaves.map((_, i) => i));
    expect(Number(head.size)).toBe(leaves.length);
    for (const { leaf_index, body, blinding } of events) {
      const expected = leafHash(leafContent(blindedDigest(body, blinding)));
      expect(Buffer.from(expected).equals(leaves[Number(leaf_index)]!.leaf_hash)).toBe(true);
    }
    const frontier = leaves.reduce(
      (tree, { leaf_hash }) => appendLeaf(tree, leaf_hash),
      EMPTY_FRONTIER,
    );
    const stored = head.frontier;
    const nodes = Array.from({ length: stored.length / 32 }, (_, i) =>
      stored.subarray(i * 32, i * 32 + 32),
    );
    expect(frontierRoot({ size: leaves.length, nodes })).toEqual(frontierRoot(frontier));
  });

  it("names nobody: no subjectId is in any of our tables", async () => {
    await shop.give("marker-person-77", "delivery");
    const dump = await dumpTables(database);
    expect(dump).not.toContain("marker-person-77");
  });
});

async function dumpTables({ tables }: Database): Promise<string> {
  const found = await tables.introspection.getTables();
  const rows = await Promise.all(
    found.map(({ name, schema = "public" }) =>
      tables
        .withSchema(schema)
        .selectFrom(name as "subject")
        .selectAll()
        .execute(),
    ),
  );
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    value.type === "Buffer" &&
    "data" in value
      ? Buffer.from(value.data as number[]).toString("latin1")
      : value,
  );
}
