import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Answer, decision, type Fixture, openFixture, policy } from "../privacy.fixture.ts";

const families = { ...policy, audience: { minors: "possible" as const } };
let shop: Fixture;
let family: Fixture;
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
  family = await openFixture(await openTestDatabase(), { policy: families });
});
afterAll(async () => {
  await shop.privacy.close();
  await family.privacy.close();
});

async function give(
  at: Fixture,
  as: string,
  change: object = {},
  { purposes = "delivery", headers = {} } = {},
): Promise<Answer> {
  const { body } = await at.call("GET", `/notice?language=en&purposes=${purposes}`, { as });
  const sent = decision({ notice: body["token"], ...change });
  return at.call("POST", "/consents", { as, headers, body: { decisions: [sent] } });
}
const result = ({ body }: Answer): unknown => (body["results"] as object[])[0];

describe("a grant that a rule does not allow", () => {
  it("PIPL-29: for a purpose that needs a consent of its own, out of a notice for several", async () => {
    const marketing = { purpose: "marketing" };
    const bundled = await give(shop, "rule-1", marketing, { purposes: "delivery,marketing" });
    expect(bundled.status).toBe(409);
    expect(result(bundled)).toEqual({
      status: 409,
      code: "ERR_CONSENT_RULE",
      reason: "separate-notice-missing",
    });
    const alone = await give(shop, "rule-1", marketing, { purposes: "marketing" });
    expect(alone.status).toBe(201);
  });

  it("from a browser that objects to marketing", async () => {
    const headers = { "sec-gpc": "1" };
    const wish = { purposes: "marketing", headers };
    const objected = await give(shop, "rule-2", { purpose: "marketing" }, wish);
    expect(result(objected)).toMatchObject({ reason: "opted-out" });
    expect((await give(shop, "rule-2", {}, { headers })).status).toBe(201);
  });

  it("PIPL-44: given before, to a browser that objects now", async () => {
    for (const [as, call] of [
      [
        "rule-6",
        () => shop.call("GET", "/consents", { as: "rule-6", headers: { "sec-gpc": "1" } }),
      ],
      [
        "rule-7",
        () => shop.privacy.access.for("rule-7", "marketing", { headers: { "sec-gpc": "1" } }),
      ],
    ] as const) {
      await shop.give(as, "delivery");
      await shop.give(as, "marketing");
      await call();
      const { body } = await shop.call("GET", "/consents", { as });
      expect(body["consents"]).toMatchObject([
        { purpose: "delivery", status: "given" },
        { purpose: "marketing", status: "refused" },
      ]);
      const record = await shop.privacy.consentRecord(as, "marketing");
      expect(record!.events.map(({ signal }) => signal)).toEqual([undefined, "gpc"]);
      await call();
      expect((await shop.privacy.consentRecord(as, "marketing"))!.events).toHaveLength(2);
    }
  });

  it("PIPL-31: by a child without a guardian, where children may be among the subjects", async () => {
    expect(result(await give(family, "child"))).toMatchObject({ reason: "age-unknown" });
    const young = { ageBand: "under-14" };
    expect(result(await give(family, "child", young))).toMatchObject({
      reason: "guardian-missing",
    });
    const guardian = { relation: "parent", verification: "signed-form" };
    const answer = await give(family, "child", { ...young, guardian });
    expect(answer.status).toBe(201);
    expect((await give(family, "grown", { ageBand: "adult" })).status).toBe(201);
  });

  it("an ordinary shop asks nobody's age", async () => {
    expect((await give(shop, "rule-3")).status).toBe(201);
  });

  it("as the browser's own, which only refuses", async () => {
    for (const stated of ["given", "withdrawn"]) {
      const body = { decisions: [decision({ decision: stated, signal: "gpc" })] };
      expect((await shop.call("POST", "/consents", { as: "rule-5", body })).status).toBe(400);
    }
  });

  it("WX-4.4.2a: states that its tap agreed to the platform's guide as well, and no denial does", async () => {
    const platformAgreement = "same-act";
    expect((await give(shop, "rule-8", { platformAgreement })).status).toBe(201);
    const record = await shop.privacy.consentRecord("rule-8", "delivery");
    expect(record!.events).toMatchObject([{ status: "given", platformAgreement }]);
    for (const stated of ["refused", "withdrawn"]) {
      const body = { decisions: [decision({ decision: stated, platformAgreement })] };
      expect((await shop.call("POST", "/consents", { as: "rule-9", body })).status).toBe(400);
    }
  });

  it("WX-4.4.3: sent before a later decision of its device, and has no receipt", async () => {
    const headers = { "x-privacy-device": "A".repeat(22) };
    const send = (sent: object) =>
      shop.call("POST", "/consents", { headers, body: { decisions: [sent] } });
    await send(decision({ decision: "refused", counter: 5 }));
    const { body } = await shop.call("GET", "/notice?language=en&purposes=delivery", { headers });
    const late = await send(decision({ notice: body["token"], counter: 3 }));
    expect(result(late)).toMatchObject({ status: 409, code: "ERR_NOTICE_STALE" });
    const next = await send(decision({ notice: body["token"], counter: 6 }));
    expect(next.status).toBe(201);
    const { body: known } = await shop.call("GET", "/consents", { headers });
    expect((known["consents"] as object[])[0]).toMatchObject({
      status: "given",
      receipt: (result(next) as { receipt: string }).receipt,
    });
  });

  it("is always free to be a refusal", async () => {
    for (const at of [shop, family]) {
      const sent = decision({ decision: "refused" });
      const body = { decisions: [sent] };
      expect((await at.call("POST", "/consents", { as: "rule-4", body })).status).toBe(201);
    }
  });
});

/** Copies of the log's last decision, from before all others. */
async function repeatLastDecision(times: number): Promise<void> {
  const { tables } = shop.database;
  const event = await tables
    .selectFrom("log_event")
    .selectAll()
    .where("tenant", "=", "")
    .orderBy("leaf_index", "desc")
    .executeTakeFirstOrThrow();
  const copies = Array.from({ length: times }, (_, i) => ({
    ...event,
    leaf_index: -1 - i,
    dedupe_key: null,
  }));
  await tables.insertInto("log_event").values(copies).execute();
}

describe("how fast one subject may decide", () => {
  it("is bounded, and holds up no first denial and nobody else", async () => {
    const refused = (): object => decision({ decision: "refused" });
    // Ten times as many only repeat: that is CI's.
    const flood = Array.from({ length: process.env["CI"] === "true" ? 10_000 : 1000 }, refused);
    let recorded = 0;
    for (let at = 0; at < flood.length; at += 50) {
      const body = { decisions: flood.slice(at, at + 50) };
      const answer = await shop.call("POST", "/consents", { as: "flooding", body });
      const results = answer.body["results"] as { status: number; code?: string }[];
      recorded += results.filter(({ status }) => status === 201).length;
      const limited = results.filter(({ status }) => status !== 201);
      expect(new Set(limited.map(({ status, code }) => `${status} ${code}`))).toEqual(
        new Set(limited.length > 0 ? ["429 ERR_RATE_LIMITED"] : []),
      );
      if (limited.length > 0) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(recorded).toBe(120);
    const grant = await give(shop, "flooding");
    expect(grant.status).toBe(429);
    expect((await give(shop, "unhurried")).status).toBe(201);
    shop.pass(1000);
    expect((await give(shop, "flooding")).status).toBe(201);
    const denial = { decisions: [refused()] };
    const denied = await shop.call("POST", "/consents", { as: "flooding", body: denial });
    expect(denied.status).toBe(201);
  });

  it("has an end: past 500 decisions only what denies anew is taken", async () => {
    const refused = { decisions: [decision({ purpose: "marketing", decision: "refused" })] };
    await shop.call("POST", "/consents", { as: "tireless", body: refused });
    await repeatLastDecision(497);
    await give(shop, "tireless");
    shop.pass(50_000);
    expect((await give(shop, "tireless")).status).toBe(201);
    shop.pass(50_000);
    const grant = await give(shop, "tireless");
    expect([grant.status, grant.headers.get("retry-after")]).toEqual([429, "86400"]);
    const withdrawal = await shop.call("DELETE", "/consents/delivery", { as: "tireless" });
    expect(withdrawal.status).toBe(200);
    expect((await shop.call("DELETE", "/consents/delivery", { as: "tireless" })).status).toBe(429);
  });
});
