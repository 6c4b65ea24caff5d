import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { decision, type Fixture, openFixture, row } from "../privacy.fixture.ts";

let shop: Fixture;
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
});
afterAll(() => shop.privacy.close());

const proof = (body: unknown): string => Buffer.from(JSON.stringify(body)).toString("base64url");

async function grant(as: string): Promise<object> {
  const path = "/notice?language=en&purposes=delivery";
  const { body } = await shop.call("GET", path, { as });
  return decision({ notice: body["token"] });
}
async function canRead(as: string, headers: { readonly [name: string]: string }): Promise<unknown> {
  const reader = await shop.privacy.access.for(as, "delivery", { headers });
  const result = reader.read("order", row(as) as never);
  return result.permitted || result.reason;
}

describe("an order that brings its consent along", () => {
  it("WX-4.4.3: is read by it, and the decision posted later is the same one", async () => {
    const sent = await grant("order-1");
    const headers = { "x-privacy-proof": proof({ decisions: [sent] }) };
    expect(await canRead("order-1", {})).toBe("consent-missing");
    expect(await canRead("order-1", headers)).toBe(true);
    const [posted, again] = [
      await shop.call("POST", "/consents", { as: "order-1", body: { decisions: [sent] } }),
      await shop.call("POST", "/consents", { as: "order-1", body: { decisions: [sent] } }),
    ];
    expect([posted.status, posted.text]).toEqual([201, again.text]);
    expect(await canRead("order-1", headers)).toBe(true);
  });

  it("WX-4.4.4d: sent again after the withdrawal, permits nothing", async () => {
    const headers = { "x-privacy-proof": proof({ decisions: [await grant("order-2")] }) };
    expect(await canRead("order-2", headers)).toBe(true);
    await shop.call("DELETE", "/consents/delivery", { as: "order-2" });
    expect(await canRead("order-2", headers)).toBe("consent-withdrawn");
  });

  it("of another person permits nothing", async () => {
    const headers = { "x-privacy-proof": proof({ decisions: [await grant("order-3")] }) };
    expect(await canRead("order-4", headers)).toBe("consent-missing");
    expect(await canRead("order-3", new Headers(headers) as never)).toBe(true);
  });

  it.each([
    "",
    "%%%",
    "x".repeat(20_000),
    proof(null),
    proof({ decisions: [] }),
    proof({ decisions: [{ decision: "given" }] }),
    proof({ decisions: [decision({ notice: "forged.forged" })] }),
  ])("that is garbage stops no order and permits nothing (%#)", async (header) => {
    expect(await canRead("order-5", { "x-privacy-proof": header })).toBe("consent-missing");
  });
});
