import type { Policy } from "@miniprivacy/core/policy";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Database } from "../database/database.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { weixinPolicy } from "../platform/weixin-shop.fixture.ts";
import { type Fixture, openFixture, policy, row } from "../privacy.fixture.ts";
import { linkSubjects } from "../subject/link-subjects.ts";

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
    const { body } = await shop.call("POST", "/staff/authorizations", {
      as: "officer",
      roles: ["privacy-officer"],
      body: {
        kind: "written-consent",
        use: "marketing",
        platform: "weixin",
        purposes: ["marketing"],
        source: { title: "Letter of the platform", date: "2026-11-01", confidence: "official" },
      },
    });
    expect(reader.read("order", row("lin") as never)).toMatchObject({ reason: "facts-too-old" });
    const open = await shop.privacy.access.for("lin", "marketing");
    expect(open.read("order", row("lin") as never)).toMatchObject({ permitted: true });
    await shop.call("DELETE", `/staff/authorizations/${body["id"] as string}`, {
      as: "officer",
      roles: ["privacy-officer"],
    });
    const shut = await shop.privacy.access.for("lin", "marketing");
    expect(shut.read("order", row("lin") as never)).toMatchObject({
      reason: "platform-authorization-missing",
    });
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

describe("access.purpose", () => {
  const rowsOf = (...owners: readonly string[]) => owners.map((owner) => row(owner) as never);

  it("WX-4.4.4b: reads many rows, each for the subject it names", async () => {
    await shop.give("one", "delivery");
    await shop.give("two", "delivery");
    await shop.call("DELETE", "/consents/delivery", { as: "two" });
    const delivery = shop.privacy.access.purpose("delivery");
    const results = await delivery.rows("order", rowsOf("two", "one", "nobody", "one"));
    expect(results).toMatchObject([
      { reason: "consent-withdrawn" },
      { permitted: true, value: { memberId: "one" } },
      { reason: "consent-missing" },
      { permitted: true },
    ]);
    expect(delivery.columns("order")).not.toContain("allergy");
    expect(await delivery.rows("order", [])).toEqual([]);
  });

  it("WX-4.4.4b: denies rows that name nobody", async () => {
    const delivery = shop.privacy.access.purpose("delivery");
    const anonymous = [{ id: "1" }, { ...row("one"), memberId: 1 }, Object.create(row("one"))];
    for (const result of await delivery.rows("order", anonymous as never))
      expect(result).toMatchObject({ reason: "subject-mismatch" });
  });

  it("reads the rows of more people than are remembered at once", async () => {
    const owners = Array.from({ length: 12_000 }, (_, i) => `crowd-${i}`);
    const { index } = database.keys!;
    for (let from = 0; from < owners.length; from += 1000)
      await linkSubjects(database.tables, index, "", owners.slice(from, from + 1000), new Date());
    const delivery = shop.privacy.access.purpose("delivery");
    const results = await delivery.rows("order", rowsOf(...owners));
    const reasons = new Set(results.map((result) => !result.permitted && result.reason));
    expect([...reasons]).toEqual(["consent-missing"]);
    expect(results).toHaveLength(owners.length);
  });

  it("asks the database at most twice for 500 rows of 500 subjects", async () => {
    const { tables } = database;
    let queries = 0;
    const counted = await openFixture({
      ...database,
      tables: tables.withPlugin({
        transformQuery: ({ node }) => node,
        transformResult: async ({ result }) => (queries++, result),
      }),
    });
    const owners = Array.from({ length: 500 }, (_, i) => `many-${i}`);
    queries = 0;
    const results = await counted.privacy.access
      .purpose("delivery")
      .rows("order", rowsOf(...owners));
    expect(queries).toBeLessThanOrEqual(2);
    expect(results).toHaveLength(500);
  });
});

describe("access.share", () => {
  const courier = {
    name: { "zh-CN": "快递", en: "Courier" },
    country: "CN",
    role: "processor",
    contact: { phone: "1" },
  } as const;
  const sharing = {
    ...policy,
    recipients: { courier, printer: { ...courier, country: "SG" } },
    purposes: {
      ...policy.purposes,
      delivery: { ...policy.purposes.delivery, recipients: ["courier"] },
    },
  } as unknown as Policy;
  let partner: Fixture;
  beforeAll(async () => {
    partner = await openFixture(await openTestDatabase(), { policy: sharing });
    await partner.give("lin", "delivery");
  });
  afterAll(() => partner.privacy.close());
  const share = (recipient: string, fields: object, options: object = {}) =>
    partner.privacy.access.share("lin", "delivery", recipient as never, fields, options);

  it("WX-4.4.9b, WX-4.5c: hands out only what the purpose may, to whom it names, and wraps the call", async () => {
    const sent: unknown[] = [];
    const send = async (fields: object) => (sent.push(fields), "taken");
    const fields = Object.assign(Object.create({ address: "inherited" }) as object, {
      phone: "139",
    });
    expect(await share("courier", fields, { send })).toEqual({ permitted: true, value: "taken" });
    expect(sent).toEqual([{ phone: "139" }]);
    expect(Object.keys(sent[0] as object)).toEqual(["phone"]);
    expect(await share("courier", { phone: "139" })).toEqual({
      permitted: true,
      value: { phone: "139" },
    });
    for (const [recipient, given, reason] of [
      ["printer", { phone: "139" }, "recipient-not-listed"],
      ["nobody", { phone: "139" }, "recipient-not-listed"],
      ["courier", { phone: "139", allergy: "nuts" }, "category-not-in-purpose"],
    ] as const)
      expect(await share(recipient, given, { send })).toMatchObject({ permitted: false, reason });
    expect(await share("courier", { phone: "1" }, { abroad: true, send })).toMatchObject({
      reason: "transfer-abroad-not-authorized",
    });
    expect(sent).toHaveLength(1);
  });

  it("WX-4.4.4d: hands out nothing after a withdrawal, and staff without an undertaking nothing at all", async () => {
    expect(await share("courier", { phone: "1" }, { staff: "clerk" })).toMatchObject({
      reason: "undertaking-missing",
    });
    await partner.call("DELETE", "/consents/delivery", { as: "lin" });
    expect(await share("courier", { phone: "1" })).toMatchObject({ reason: "consent-withdrawn" });
  });

  it("keeps who was given what, and no name that is none of the policy's", async () => {
    await share("courier", { "13912345678": "x" }, { caller: "odd" });
    const strange = await partner.privacy.access.for("lin", "13912345678" as "delivery");
    expect(strange.read("order", row("lin") as never)).toMatchObject({ reason: "purpose-unknown" });
    await vi.waitFor(async () => {
      const { body } = await partner.call("GET", "/staff/access/log?category=phone", {
        as: "auditor",
        roles: ["auditor"],
      });
      expect(body["entries"]).toContainEqual(
        expect.objectContaining({
          recipient: "courier",
          decision: "permitted",
          categories: ["phone"],
          purpose: "delivery",
          count: 1,
        }),
      );
    });
    const all = await partner.call("GET", "/staff/access/log", { as: "a", roles: ["auditor"] });
    expect(all.body["entries"]).toContainEqual(
      expect.objectContaining({ caller: "odd", categories: [], decision: "denied" }),
    );
    expect(all.text).not.toContain("13912345678");
  });
});

describe("access.decideInterface", () => {
  let onWeixin: Fixture;
  beforeAll(async () => {
    onWeixin = await openFixture(await openTestDatabase(), { policy: weixinPolicy });
  });
  afterAll(() => onWeixin.privacy.close());
  const decide = (subjectId: string, purpose: string, options: object = {}) =>
    onWeixin.privacy.access.decideInterface(
      subjectId,
      purpose as "delivery",
      "PhoneNumber",
      options,
    );

  it("WX-4.4.3: permits what she consented to, and denies it again once she withdrew", async () => {
    expect(await decide("lin", "delivery")).toMatchObject({ reason: "consent-missing" });
    await onWeixin.give("lin", "delivery");
    expect(await decide("lin", "delivery")).toMatchObject({ permitted: true, ground: "consent" });
    await onWeixin.call("DELETE", "/consents/delivery", { as: "lin" });
    expect(await decide("lin", "delivery")).toMatchObject({ reason: "consent-withdrawn" });
  });

  it("WX-4.4.4a, WX-4.4.5a: denies a purpose that lists nothing of the interface, and none the policy has", async () => {
    await onWeixin.give("wang", "delivery");
    expect(await decide("wang", "visit")).toMatchObject({
      reason: "category-not-in-purpose",
      obligations: ["WX-4.4.4a", "WX-4.4.4b"],
    });
    const { access } = onWeixin.privacy;
    expect(await access.decideInterface("wang", "delivery", "Location")).toMatchObject({
      reason: "category-not-in-purpose",
    });
    expect(await decide("wang", "lottery")).toMatchObject({ reason: "purpose-unknown" });
  });

  it("WX-4.6: takes the data as the platform's, wherever the policy says it is collected", async () => {
    await onWeixin.give("lin", "marketing");
    expect(await decide("lin", "marketing")).toMatchObject({
      reason: "platform-authorization-missing",
      obligations: ["WX-4.6"],
    });
  });

  it("WX-4.9b: denies staff without an undertaking", async () => {
    await onWeixin.give("seen", "delivery");
    expect(await decide("seen", "delivery", { staff: "clerk" })).toMatchObject({
      reason: "undertaking-missing",
    });
  });

  it("is watched where every record is", async () => {
    const until = new Date(onWeixin.now() + 86_400_000).toISOString();
    const observing = await openFixture(await openTestDatabase(), {
      policy: weixinPolicy,
      access: { observe: { until } },
    });
    expect(
      await observing.privacy.access.decideInterface("new", "delivery", "PhoneNumber"),
    ).toEqual({ permitted: true, ground: "observed", reason: "consent-missing" });
    await observing.privacy.close();
  });

  it("keeps each decision, on the interface's categories", async () => {
    await decide("kept", "delivery", { caller: "button" });
    await decide("kept", "13912345678", { caller: "button" });
    await vi.waitFor(async () => {
      const { body } = await onWeixin.call("GET", "/staff/access/log?caller=button", {
        as: "auditor",
        roles: ["auditor"],
      });
      expect(body["entries"]).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            purpose: "delivery",
            categories: ["phone"],
            decision: "denied",
          }),
          expect.objectContaining({ purpose: "", categories: [], decision: "denied" }),
        ]),
      );
    });
  });
});

describe("the log of reads, asked by officers", () => {
  const auditor = { as: "auditor", roles: ["auditor"] } as const;
  const ask = async (query: string) =>
    (await shop.call("GET", `/staff/access/log?${query}`, auditor)).body["entries"] as {
      readonly caller: string;
      readonly count: number;
    }[];

  it("answers who read what for which purpose in a time", async () => {
    await shop.give("asked", "delivery");
    const reader = await shop.privacy.access.for("asked", "delivery", { caller: "asking" });
    for (let i = 0; i < 3; i++) reader.read("order", row("asked") as never);
    await vi.waitFor(async () => expect(await ask("caller=asking")).toHaveLength(1));
    const [entry] = await ask("caller=asking&category=phone&purpose=delivery");
    expect(entry).toEqual({
      at: "2026-11-24T08:00:00.000Z",
      subjectRef: expect.stringMatching(/^[\w-]{22}$/) as string,
      purpose: "delivery",
      categories: ["phone", "address"],
      decision: "permitted",
      caller: "asking",
      count: 3,
    });
    for (const none of [
      "category=openid",
      "purpose=marketing",
      "since=2026-11-24T08:00:01Z",
      "until=2026-11-24T08:00:00Z",
    ])
      expect(await ask(`caller=asking&${none}`)).toEqual([]);
    expect((await shop.call("GET", "/staff/access/log?since=x", auditor)).status).toBe(400);
  });

  it("answers what observing let through and will be denied", async () => {
    const until = new Date(shop.now() + 86_400_000).toISOString();
    const own = await openTestDatabase();
    const observe = { until, records: ["order"] } as const;
    const observing = await openFixture(own, { access: { observe } });
    const reader = await observing.privacy.access.for("new", "delivery", { caller: "label" });
    for (let i = 0; i < 2; i++)
      expect(reader.read("order", row("new") as never)).toMatchObject({
        observed: "consent-missing",
      });
    await vi.waitFor(async () => {
      const { body } = await observing.call("GET", "/staff/access/observed", auditor);
      expect(body["reads"]).toEqual([
        {
          purpose: "delivery",
          categories: ["phone", "address"],
          reason: "consent-missing",
          caller: "label",
          count: 2,
          lastAt: "2026-11-24T08:00:00.000Z",
        },
      ]);
    });
    await observing.privacy.close();
  });

  it("observes the records that are named, and no record nobody declared", async () => {
    const until = new Date(shop.now() + 86_400_000).toISOString();
    const enforced = await openFixture(database, { access: { observe: { until, records: [] } } });
    const reader = await enforced.privacy.access.for("nobody", "delivery");
    expect(reader.read("order", row("nobody") as never)).toMatchObject({ permitted: false });
    const access = { observe: { until, records: ["invoice" as "order"] } };
    await expect(openFixture(database, { access })).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
    });
  });
});

describe("readers made at once", () => {
  it("WX-4.4.4d: all of them hear of a withdrawal", async () => {
    await shop.give("twice", "delivery");
    const readers = await Promise.all(
      Array.from({ length: 4 }, () => shop.privacy.access.for("twice", "delivery")),
    );
    await shop.call("DELETE", "/consents/delivery", { as: "twice" });
    for (const reader of readers)
      expect(reader.read("order", row("twice") as never)).toMatchObject({
        reason: "facts-too-old",
      });
  });
});
