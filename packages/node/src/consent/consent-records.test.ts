import {
  consentRecordToDpv,
  consentRecordToKantara,
  parseConsentRecord,
} from "@miniprivacy/core/consent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, openTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, openFixture, policy } from "../privacy.fixture.ts";

let database: TestDatabase;
let shop: Fixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openFixture({ ...database, close: async () => {} });
});
afterAll(async () => {
  await shop.privacy.close();
  await database.close();
});

describe("a consent record", () => {
  it("WX-4.4.1c, TC-D6.4b: tells an auditor what was shown, decided and when, and whose it is only by reference", async () => {
    await shop.give("recorded", "delivery");
    shop.pass(1000);
    await shop.call("DELETE", "/consents/delivery", { as: "recorded" });
    const { body, text } = await shop.call("GET", "/consents/delivery/record", { as: "recorded" });
    const record = parseConsentRecord(body);
    expect(record).toEqual(await shop.privacy.consentRecord("recorded", "delivery"));
    expect(record).toMatchObject({
      status: "withdrawn",
      controller: { name: { en: "Test Shop" } },
      purpose: { id: "delivery", text: { en: "To deliver" } },
      dataCategories: [{ id: "phone" }, { id: "address" }],
      events: [{ status: "given", notice: { language: "en" } }, { status: "withdrawn" }],
      evidence: { action: "withdrawn" },
    });
    expect(text).not.toContain('"recorded"');
  });

  it("comes in the forms of other systems", async () => {
    await shop.give("elsewhere", "delivery");
    const own = await shop.privacy.consentRecord("elsewhere", "delivery");
    const as = async (format: string) =>
      shop.call("GET", `/consents/delivery/record?format=${format}`, { as: "elsewhere" });
    expect((await as("dpv")).body).toEqual(consentRecordToDpv(own!));
    expect((await as("kantara")).body).toEqual(consentRecordToKantara(own!));
    expect((await as("other")).status).toBe(400);
  });

  it("is there only for a purpose that somebody decided about", async () => {
    for (const purpose of ["delivery", "marketing", "no-such-purpose"]) {
      const path = `/consents/${purpose}/record`;
      expect((await shop.call("GET", path, { as: "undecided" })).status).toBe(404);
    }
  });

  it("PIPL-14: keeps the words that were consented to when the policy has others now", async () => {
    await shop.give("before", "delivery");
    const changed = {
      ...policy,
      version: "2",
      controller: { ...policy.controller, name: { "zh-CN": "新店", en: "New Shop" } },
    };
    const later = await openFixture(
      { ...database, close: async () => {} },
      { policy: changed, earlierPolicies: [policy] as never },
    );
    const record = await later.privacy.consentRecord("before", "delivery");
    expect(record).toMatchObject({
      controller: { name: { en: "Test Shop" } },
      policy: { version: "1" },
      status: "invalidated",
    });
    const until = new Date(shop.now() + 1e9).toISOString();
    const rows = [{ subject: "imported", purpose: "delivery" }];
    await shop.privacy.importConsents(rows, { evidence: "an earlier dialog", until });
    expect(await later.privacy.consentRecord("imported", "delivery")).toMatchObject({
      controller: { name: { en: "Test Shop" } },
      policy: { version: "1" },
    });
    await later.privacy.close();
  });
});
