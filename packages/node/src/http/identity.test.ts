import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, openFixture } from "../privacy.fixture.ts";
import type { Authenticate, Authentication } from "./identity.ts";

const MARK = "13987650000";
const NOW = Date.UTC(2026, 10, 24, 8);
let database: Database;
/** What the host answers, or does, at the next request. */
let authenticate: (request: Request) => unknown;
let tenantOf: (request: Request) => unknown;
let shop: Fixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openFixture(database, {
    authenticate: ((request) => authenticate(request)) as Authenticate,
    tenantOf: (request) => tenantOf(request) as string,
  });
});
afterAll(() => shop.privacy.close());

const lin: Authentication = { subjectId: "lin", authenticatedAt: NOW };

async function call(answer: unknown, method = "GET", path = "/consents", body?: object) {
  authenticate = () => answer;
  tenantOf = () => "";
  return outcome(method, path, body);
}
async function outcome(method = "GET", path = "/consents", body?: object) {
  shop.logged.length = 0;
  const { status, body: answered, text } = await shop.call(method, path, { body });
  expect(text + JSON.stringify(shop.logged)).not.toContain(MARK);
  return status < 400 ? status : `${status} ${String(answered["code"])}`;
}

describe("what authenticate answers", () => {
  it("is a person, or nobody", async () => {
    expect(await call(lin)).toBe(200);
    expect(await call({ ...lin, tenant: "" })).toBe(200);
    expect(await call(null)).toBe("401 ERR_UNAUTHENTICATED");
    expect(await call(undefined)).toBe("401 ERR_UNAUTHENTICATED");
    expect(await call({ ...lin, tenant: "other" })).toBe("404 ERR_NOT_FOUND");
  });

  it.each([
    ["a text", MARK],
    ["true", true],
    ["a number", 0],
    ["a list", [lin]],
    ["nothing in it", {}],
    ["an empty subjectId", { ...lin, subjectId: "" }],
    ["an endless subjectId", { ...lin, subjectId: MARK.repeat(24) }],
    ["a subjectId with NUL", { ...lin, subjectId: `${MARK}\0` }],
    ["a subjectId with half a character", { ...lin, subjectId: `${MARK}\ud83d` }],
    ["a number as subjectId", { ...lin, subjectId: Number(MARK) }],
    ["an object as subjectId", { ...lin, subjectId: { toString: () => MARK } }],
    ["no text as tenant", { ...lin, tenant: { MARK } }],
    ["null as tenant", { ...lin, tenant: null }],
    ["a tenant with NUL", { ...lin, tenant: "\0" }],
    ["a text as roles", { ...lin, roles: "privacy-officer" }],
    ["an object as roles", { ...lin, roles: { includes: () => true } }],
  ])("%s is a fault of the host", async (_name, answer) => {
    expect(await call(answer)).toBe("500 ERR_INTERNAL");
    expect(shop.logged.find(({ code }) => code === "ERR_INTERNAL")!["fault"]).toBe(
      "PrivacyError ERR_CONFIG_INVALID",
    );
  });

  it("opens staff routes only by a role in a list", async () => {
    const at = ["GET", "/staff/breaches"] as const;
    expect(await call({ ...lin, roles: ["auditor"] }, ...at)).toBe(200);
    for (const roles of [[], [["auditor"]], ["auditors"], [null], [MARK], ["Auditor"], undefined])
      expect(await call({ ...lin, roles }, ...at)).toBe("403 ERR_FORBIDDEN");
  });

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    NOW + 60_000,
    NOW + 300_000,
    NOW - 300_001,
    Number.NEGATIVE_INFINITY,
    String(NOW),
    new Date(NOW),
    BigInt(NOW),
    { valueOf: () => NOW },
    [NOW],
    null,
    undefined,
    true,
  ])("WX-4.4.7b: an erasure takes no %s for a fresh sign-in", async (authenticatedAt) => {
    const who = { subjectId: "wang", authenticatedAt };
    expect(await call(who, "POST", "/requests", { kind: "erase" })).toBe(
      "401 ERR_REAUTHENTICATION_REQUIRED",
    );
    expect(await call(who)).toBe(200);
  });

  it("allows a sign-in whose clock is a little ahead", async () => {
    const who = { subjectId: "wu", authenticatedAt: NOW + 2000 };
    expect(await call(who, "POST", "/requests", { kind: "erase" })).toBe(201);
  });
});

describe("what the host throws", () => {
  it.each([
    ["an error that tells", () => new Error(`no session for ${MARK}`)],
    ["a text", () => `no session for ${MARK}`],
    ["an object", () => ({ status: 401, message: MARK })],
    ["a Response", () => new Response(MARK, { status: 418 })],
    ["undefined", () => undefined],
  ])("%s is a fault without a word of it", async (_name, thrown) => {
    const fails = (): never => {
      throw thrown();
    };
    tenantOf = () => "";
    authenticate = fails;
    expect(await outcome()).toBe("500 ERR_INTERNAL");
    authenticate = () => Promise.reject(thrown());
    expect(await outcome()).toBe("500 ERR_INTERNAL");
    authenticate = () => lin;
    tenantOf = fails;
    expect(await outcome()).toBe("500 ERR_INTERNAL");
    expect(shop.logged.map(({ code }) => code)).toContain("ERR_INTERNAL");
  });

  it("a body it has read is said to be its fault", async () => {
    tenantOf = () => "";
    authenticate = async (request) => {
      await request.text();
      return lin;
    };
    expect(await outcome("POST", "/requests", { kind: "erase" })).toBe("500 ERR_INTERNAL");
  });
});

describe("what tenantOf answers", () => {
  it.each([undefined, null, 1, "\0", "\udc00", MARK.repeat(24), {}])(
    "%j is a fault",
    async (tenant) => {
      authenticate = () => lin;
      tenantOf = () => tenant;
      expect(await outcome()).toBe("500 ERR_INTERNAL");
    },
  );
});

describe("basePath", () => {
  it.each([
    "privacy",
    "/privacy/",
    "//privacy",
    "/",
    "/a/../b",
    "/.",
    "/a b",
    "/:x",
    "/*",
    "/{x}",
    "/a?b",
    "/a#b",
    "/%2f",
    "/a\n",
    7,
    null,
  ])("%j does not start", async (basePath) => {
    await expect(openFixture(database, { basePath: basePath as string })).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
    });
  });
});
