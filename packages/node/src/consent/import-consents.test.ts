import { parseConsentRecord } from "@miniprivacy/core/consent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { decision, type Fixture, openFixture, row } from "../privacy.fixture.ts";

const DAY_MS = 86_400_000;
let shop: Fixture;
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase(), {
    identities: ({ kind, value }) => (kind === "openid" && value === "o-1" ? "member-1" : null),
  });
});
afterAll(() => shop.privacy.close());

const evidence = "Checkout dialog of version 3, release 2026-05";
const terms = () => ({ evidence, until: new Date(shop.now() + 90 * DAY_MS).toISOString() });
const rows = (...ids: readonly string[]) =>
  ids.map((subject) => ({ subject, purpose: "delivery" }));
async function status(as: string): Promise<unknown> {
  const { body } = await shop.call("GET", "/consents", { as });
  return (body["consents"] as { status: string }[])[0]!.status;
}
async function canRead(as: string): Promise<unknown> {
  const reader = await shop.privacy.access.for(as, "delivery");
  const result = reader.read("order", row(as) as never);
  return result.permitted || result.reason;
}

describe("importConsents", () => {
  it("WX-4.4.3: lets people who were there before be served until an end date, and not longer", async () => {
    const imported = await shop.privacy.importConsents(rows("old-1", "old-2"), terms());
    expect(imported).toEqual({ imported: 2, decidedBefore: 0, unidentified: 0 });
    expect([await status("old-1"), await canRead("old-1")]).toEqual(["legacy", true]);
    shop.pass(90 * DAY_MS - 1);
    expect(await canRead("old-1")).toBe(true);
    shop.pass(1000);
    expect([await status("old-1"), await canRead("old-1")]).toEqual(["expired", "consent-expired"]);
  });

  it("WX-4.4.4d: takes over nobody who has decided here, whatever it was, and nobody twice", async () => {
    await shop.call("DELETE", "/consents/delivery", { as: "old-3" });
    await shop.give("old-4", "delivery");
    const list = rows("old-3", "old-4", "old-5", "old-5");
    const first = await shop.privacy.importConsents(list, terms());
    expect(first).toEqual({ imported: 1, decidedBefore: 3, unidentified: 0 });
    const again = await shop.privacy.importConsents(list, terms());
    expect(again).toMatchObject({ imported: 0, decidedBefore: 4 });
    const found = await Promise.all(["old-3", "old-4", "old-5"].map(status));
    expect(found).toEqual(["withdrawn", "given", "legacy"]);
  });

  it("WX-4.4.4d: ends with a withdrawal, like any other consent, and a proper grant renews it", async () => {
    await shop.privacy.importConsents(rows("old-6", "old-7"), terms());
    await shop.call("DELETE", "/consents/delivery", { as: "old-6" });
    expect(await canRead("old-6")).toBe("consent-withdrawn");
    expect((await shop.give("old-7", "delivery")).status).toBe(201);
    expect(await status("old-7")).toBe("renewed");
  });

  it("finds people by what a platform calls them", async () => {
    const named = ["o-1", "o-2"].map((value) => ({
      subject: { kind: "openid" as const, value },
      purpose: "delivery",
    }));
    const imported = await shop.privacy.importConsents(named, terms());
    expect(imported).toEqual({ imported: 1, decidedBefore: 0, unidentified: 1 });
    expect(await status("member-1")).toBe("legacy");
  });

  it("takes more rows than a statement does, from a stream", async () => {
    async function* many() {
      for (let i = 0; i < 2500; i++) yield { subject: `many-${i}`, purpose: "delivery" };
    }
    expect(await shop.privacy.importConsents(many(), terms())).toMatchObject({ imported: 2500 });
    expect(await status("many-2499")).toBe("legacy");
  });

  it.each([
    [{ evidence: " " }, "ERR_CONFIG_INVALID"],
    [{ evidence: "x".repeat(2001) }, "ERR_CONFIG_INVALID"],
    [{ until: "2020-01-01T00:00:00Z" }, "ERR_CONFIG_INVALID"],
    [{ until: "soon" }, "ERR_CONFIG_INVALID"],
  ])("refuses %j", async (change, code) => {
    const asked = shop.privacy.importConsents(rows("old-8"), { ...terms(), ...change });
    await expect(asked).rejects.toMatchObject({ code });
    expect(await status("old-8")).toBe("unknown");
  });

  it("TC-D6.4b: keeps a record that reads back, and no moment that is none", async () => {
    const givenAt = "2025-05-01T08:00:00+08:00";
    await shop.privacy.importConsents([{ ...rows("old-8")[0]!, givenAt }], terms());
    const record = await shop.privacy.consentRecord("old-8", "delivery");
    expect(parseConsentRecord(structuredClone(record)).evidence.actionAt).toBe(givenAt);
    const called = [{ ...rows("old-9")[0]!, givenAt: "call 13912345678" }];
    await expect(shop.privacy.importConsents(called, terms())).rejects.toMatchObject({
      code: "ERR_INPUT_INVALID",
      message: expect.not.stringContaining("139"),
    });
    expect(await status("old-9")).toBe("unknown");
  });

  it("refuses a purpose the policy does not have", async () => {
    const asked = shop.privacy.importConsents([{ subject: "old-9", purpose: "other" }], terms());
    await expect(asked).rejects.toMatchObject({ code: "ERR_PURPOSE_UNKNOWN" });
  });
});

describe("GET /staff/statistics", () => {
  it("counts decisions by purpose, status, language and version, and names nobody", async () => {
    const other = await openFixture(await openTestDatabase());
    await other.give("counted-1", "delivery");
    await other.give("counted-2", "delivery");
    await other.call("DELETE", "/consents/delivery", { as: "counted-2" });
    const headers = { "x-privacy-device": "A".repeat(22) };
    const refusal = { decisions: [decision({ decision: "refused" })] };
    await other.call("POST", "/consents", { headers, body: refusal });
    await other.call("GET", "/consents", { as: "counted-3", headers });
    const staff = { as: "officer", roles: ["privacy-officer"] } as const;
    const { body, text } = await other.call("GET", "/staff/statistics", staff);
    const of = { purpose: "delivery", policyVersion: "1" };
    expect(body).toEqual({
      decisions: [
        { ...of, status: "given", language: "en", count: 2 },
        { ...of, status: "refused", language: null, count: 1 },
        { ...of, status: "withdrawn", language: null, count: 1 },
      ],
    });
    expect(text).not.toContain("counted");
    await other.privacy.close();
  });
});
