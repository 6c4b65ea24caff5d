import type { Policy } from "@miniprivacy/core/policy";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Database } from "../database/database.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, openFixture, policy, row } from "../privacy.fixture.ts";

let database: Database;
let shop: Fixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openFixture(database);
});
afterAll(() => shop.privacy.close());

describe("access.for", () => {
  it("WX-4.4.4a: gives a purpose its fields and no others, once the subject has consented", async () => {
    const before = await shop.privacy.access.for("lin", "delivery");
    expect(before.read("order", row("lin") as never)).toMatchObject({
      permitted: false,
      reason: "consent-missing",
    });
    await shop.give("lin", "delivery");
    const after = await shop.privacy.access.for("lin", "delivery");
    expect(after.columns("order")).toEqual(["id", "memberId", "phone", "address", "closedAt"]);
    expect(after.read("order", { ...row("lin"), card: "1" } as never)).toEqual({
      permitted: true,
      value: row("lin"),
    });
  });

  it("denies the same data for another purpose, and a row of somebody else", async () => {
    const marketing = await shop.privacy.access.for("lin", "marketing");
    expect(marketing.columns("order")).toEqual(["id", "memberId", "phone", "closedAt"]);
    expect(marketing.read("order", row("lin") as never)).toMatchObject({
      permitted: false,
      reason: "consent-missing",
    });
    const delivery = await shop.privacy.access.for("lin", "delivery");
    expect(delivery.read("order", row("wang") as never)).toMatchObject({
      permitted: false,
      reason: "subject-mismatch",
    });
  });

  it("WX-4.6: marketing stays denied without the platform's written consent, whatever the subject says", async () => {
    await shop.give("lin", "marketing");
    const reader = await shop.privacy.access.for("lin", "marketing");
    expect(reader.read("order", row("lin") as never)).toMatchObject({
      permitted: false,
      reason: "platform-authorization-missing",
      obligations: ["WX-4.6"],
    });
    const authorized = await openFixture(database, { authorizations: ["marketing"] });
    const open = await authorized.privacy.access.for("lin", "marketing");
    expect(open.read("order", row("lin") as never)).toMatchObject({ permitted: true });
  });

  it("PIPL-19: denies a row past its retention period", async () => {
    await shop.give("old", "delivery");
    const reader = await shop.privacy.access.for("old", "delivery");
    const closed = (daysAgo: number) =>
      row("old", { closedAt: new Date(shop.now() - daysAgo * 86_400_000).toISOString() });
    expect(reader.read("order", closed(179) as never)).toMatchObject({ permitted: true });
    expect(reader.read("order", closed(180) as never)).toMatchObject({
      permitted: false,
      reason: "retention-over",
    });
  });

  it("refuses a record nobody declared", async () => {
    const reader = await shop.privacy.access.for("lin", "delivery");
    expect(() => reader.read("invoice" as "order", row("lin") as never)).toThrow(
      expect.objectContaining({ code: "ERR_CONFIG_INVALID" }),
    );
  });
});

describe("a running shop that observes", () => {
  it("reads as before until the date, and keeps why it will be denied then", async () => {
    const until = new Date(shop.now() + 86_400_000).toISOString();
    const old = row("runner", { closedAt: "2020-01-01T00:00:00Z" }) as never;
    const observing = await openFixture(database, { access: { observe: { until } } });
    const read = async () =>
      (await observing.privacy.access.for("runner", "delivery", { caller: "observed" })).read(
        "order",
        old,
      );
    await observing.give("runner", "delivery");
    expect(await read()).toEqual({ permitted: true, value: old, observed: "retention-over" });
    await vi.waitFor(async () => {
      const logged = await database.tables
        .selectFrom("access_log")
        .select(["permitted", "reason"])
        .where("tenant", "=", "")
        .where("caller", "=", "observed")
        .execute();
      expect(logged).toEqual([{ permitted: true, reason: "retention-over" }]);
    });
    observing.pass(86_400_000);
    expect(await read()).toMatchObject({ permitted: false, reason: "retention-over" });
  });

  it("refuses an end that is no date", async () => {
    const access = { observe: { until: "soon" } };
    await expect(openFixture(database, { access })).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
    });
  });
});

describe("a policy that was narrowed", () => {
  it("PIPL-14: keeps the consents of earlier versions it is told of, and ends the others", async () => {
    await shop.give("narrow", "delivery");
    const narrower = {
      ...policy,
      version: "2",
      purposes: {
        ...policy.purposes,
        delivery: {
          ...policy.purposes.delivery,
          retention: { ...policy.purposes.delivery.retention, days: 90 },
        },
      },
    } as Policy;
    const consents = async (earlierPolicies: readonly Policy[]) => {
      const next = await openFixture(database, {
        policy: narrower,
        earlierPolicies,
      });
      return (await next.call("GET", "/consents", { as: "narrow" })).body["consents"];
    };
    expect(await consents([policy])).toContainEqual(
      expect.objectContaining({ purpose: "delivery", status: "given" }),
    );
    expect(await consents([])).toContainEqual(
      expect.objectContaining({ purpose: "delivery", status: "invalidated" }),
    );
  });
});

describe("the access log", () => {
  it("keeps every read and every denial, by subjectRef", async () => {
    await shop.give("logged", "delivery");
    const reader = await shop.privacy.access.for("logged", "delivery", { caller: "label-printer" });
    const denied = await shop.privacy.access.for("logged", "marketing", { caller: "newsletter" });
    reader.read("order", row("logged") as never);
    denied.read("order", row("logged") as never);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const entries = await database.tables
      .selectFrom("access_log")
      .selectAll()
      .where("caller", "in", ["label-printer", "newsletter"])
      .orderBy("id")
      .execute();
    expect(entries).toMatchObject([
      {
        purpose: "delivery",
        categories: ["phone", "address"],
        permitted: true,
        reason: null,
        count: 1,
      },
      {
        purpose: "marketing",
        categories: ["phone"],
        permitted: false,
        reason: "consent-missing",
        count: 1,
      },
    ]);
    expect(entries[0]!.subject_ref).toMatch(/^[\w-]{22}$/);
    expect(JSON.stringify(entries)).not.toContain('"logged"');
  });
});
