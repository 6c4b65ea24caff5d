import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Answer, type Fixture, openFixture, row } from "../privacy.fixture.ts";

let database: Database;
let shop: Fixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openFixture(database);
  await shop.give("lin", "delivery");
});
afterAll(() => shop.privacy.close());

const officer = { as: "officer", roles: ["privacy-officer"] } as const;
const DIGEST = "ab".repeat(32);
const reason = (result: object): unknown => ("reason" in result ? result.reason : "permitted");
const post = (path: string, body: unknown): Promise<Answer> =>
  shop.call("POST", `/staff/${path}`, { ...officer, body });
const end = (path: string, { body }: Answer): Promise<Answer> =>
  shop.call("DELETE", `/staff/${path}/${body["id"] as string}`, officer);
const read = async (options = {}): Promise<unknown> =>
  reason(
    (await shop.privacy.access.for("lin", "delivery", options)).read("order", row("lin") as never),
  );
const logged = async (kind: string): Promise<readonly object[]> => {
  const rows = await database.tables
    .selectFrom("log_event")
    .select("body")
    .where("tenant", "=", "")
    .where("kind", "=", kind)
    .orderBy("leaf_index")
    .execute();
  return rows.map(({ body }) => JSON.parse(body.toString("utf8")) as object);
};

describe("a platform's order", () => {
  it("WX-4.7a: closes what it names from its answer on, until it is lifted, and both are on record", async () => {
    const before = await shop.privacy.access.for("lin", "delivery");
    const filed = await post("orders", { closes: { category: "phone" }, demandNumber: "T-1" });
    expect(filed.status).toBe(201);
    expect(reason(before.read("order", row("lin") as never))).toBe("facts-too-old");
    expect(await read()).toBe("platform-order-in-force");
    const lifted = await end("orders", filed);
    expect(lifted.body).toMatchObject({
      id: filed.body["id"],
      endedAt: expect.any(String) as string,
    });
    expect(await read()).toBe("permitted");
    expect(await logged("platform-order")).toMatchObject([
      { action: "filed", id: filed.body["id"], record: { demandNumber: "T-1" } },
      { action: "ended", id: filed.body["id"] },
    ]);
    expect(JSON.stringify(await logged("platform-order"))).not.toContain("officer");
  });

  it("WX-4.10b: closes all of a tenant, and of no other", async () => {
    const filed = await post("orders", { closes: "tenant" });
    expect(await read()).toBe("platform-order-in-force");
    const other = await shop.privacy.access.for("lin", "delivery", { tenant: "other" });
    expect(reason(other.read("order", row("lin") as never))).toBe("consent-missing");
    await end("orders", filed);
  });

  it("is lifted once, and lifting it again says when", async () => {
    const filed = await post("orders", { closes: { purpose: "marketing" } });
    const first = await end("orders", filed);
    shop.pass(1000);
    expect((await end("orders", filed)).body).toEqual(first.body);
    expect(
      (await logged("platform-order")).filter((one) => "id" in one && one.id === filed.body["id"]),
    ).toHaveLength(2);
    expect((await shop.call("DELETE", "/staff/orders/none", officer)).status).toBe(404);
  });

  it.each([
    ["names nothing", {}],
    ["names a category nobody declared", { category: "pohne" }],
    ["names a purpose nobody declared", { purpose: "delivry" }],
    ["names a member of nothing", { category: "toString" }],
    ["says something else", { category: "phone", note: "x" }],
  ])("is refused when it %s: it would close nothing", async (_case, closes) => {
    expect((await post("orders", { closes })).status).toBe(400);
  });

  it("is listed with when it was filed and lifted", async () => {
    const { body } = await shop.call("GET", "/staff/orders", officer);
    expect(body["filings"]).toContainEqual({
      id: expect.any(String) as string,
      record: { closes: { category: "phone" }, demandNumber: "T-1" },
      filedAt: "2026-11-24T08:00:00.000Z",
      endedAt: "2026-11-24T08:00:00.000Z",
    });
  });
});

describe("an undertaking", () => {
  it("WX-4.9b: staff without one read nobody's data; code that nobody watches does", async () => {
    const staff = { staff: "clerk" };
    expect(await read(staff)).toBe("undertaking-missing");
    expect(await read()).toBe("permitted");
    const filed = await post("undertakings", {
      staff: "clerk",
      documentDigest: DIGEST,
      signedAt: "2026-11-01T09:00:00+08:00",
      validUntil: "2026-12-01T00:00:00Z",
    });
    expect(filed.status).toBe(201);
    expect(JSON.stringify(filed.body)).not.toContain("clerk");
    expect(await read(staff)).toBe("permitted");
    expect(await read({ staff: "clerk", tenant: "other" })).toBe("undertaking-missing");
    expect(await read({ staff: "somebody" })).toBe("undertaking-missing");
    await post("undertakings", {
      staff: "somebody",
      documentDigest: DIGEST,
      signedAt: "2026-12-24T00:00:00Z",
    });
    expect(await read({ staff: "somebody" })).toBe("undertaking-missing");
    const reader = await shop.privacy.access.for("lin", "delivery", staff);
    shop.pass(10 * 86_400_000);
    expect(reason(reader.read("order", row("lin") as never))).toBe("undertaking-missing");
    shop.pass(-10 * 86_400_000);
    expect(reason(reader.read("order", row("lin") as never))).toBe("permitted");
    await end("undertakings", filed);
    expect(await read(staff)).toBe("undertaking-missing");
    const { body } = await shop.call("GET", "/staff/undertakings", officer);
    expect(JSON.stringify(body)).not.toContain("clerk");
  });

  it.each([
    ["a digest that is none", { documentDigest: "x" }],
    ["no name", { staff: "" }],
    ["a date that is none", { signedAt: "yesterday" }],
  ])("is refused with %s", async (_case, change) => {
    const sound = { staff: "a", documentDigest: DIGEST, signedAt: "2026-11-01T09:00:00Z" };
    expect((await post("undertakings", { ...sound, ...change })).status).toBe(400);
  });
});

describe("the platform's authorizations", () => {
  const source = { title: "Letter", date: "2026-11-01", confidence: "official" };

  it("WX-4.4.5a: are listed with the instructions it has published, their source and how sure it is", async () => {
    await post("authorizations", { kind: "instruction", platform: "weixin", source });
    const { body } = await shop.call("GET", "/staff/authorizations", officer);
    expect(body["published"]).toContainEqual(
      expect.objectContaining({
        id: "weixin-privacy-interfaces",
        source: expect.objectContaining({ confidence: "official", date: "2026-07-30" }) as object,
      }),
    );
    expect(body["filings"]).toHaveLength(1);
  });

  it.each([
    ["a consent without a use", { kind: "written-consent" }],
    ["a use that needs none", { kind: "written-consent", use: "service" }],
    ["a purpose nobody declared", { kind: "instruction", purposes: ["other"] }],
    ["an empty list, which would speak of nothing", { kind: "instruction", categories: [] }],
    ["no source", { kind: "instruction", source: undefined }],
  ])("WX-4.6: are refused with %s", async (_case, change) => {
    const body = { platform: "weixin", source, ...change };
    expect((await post("authorizations", body)).status).toBe(400);
  });
});

describe("POST /staff/access/explain", () => {
  const ask = (as: string, change: object = {}): Promise<Answer> =>
    shop.call("POST", "/staff/access/explain", {
      as,
      roles: ["privacy-officer"],
      body: { subject: "lin", purpose: "delivery", categories: ["phone"], ...change },
    });

  it("WX-4.9b: explains to an officer who is bound to confidentiality, and to no other", async () => {
    const refused = await ask("officer");
    expect([refused.status, refused.body["code"]]).toEqual([403, "ERR_UNDERTAKING_MISSING"]);
    const signedAt = "2026-11-01T00:00:00Z";
    await post("undertakings", { staff: "officer", documentDigest: DIGEST, signedAt });
    const { status, body } = await ask("officer");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      decision: { permitted: true, ground: "consent" },
      facts: { consent: { status: "given" }, restricted: false, orders: [] },
      wouldChange: [],
    });
    expect((await ask("officer", { subject: "nobody" })).body).toMatchObject({
      decision: { reason: "consent-missing" },
      wouldChange: [{ change: "consent" }],
    });
    expect((await ask("officer", { purpose: "toString" })).body).toMatchObject({
      decision: { reason: "purpose-unknown" },
    });
    expect((await ask("officer", { more: 1 })).status).toBe(400);
  });
});
