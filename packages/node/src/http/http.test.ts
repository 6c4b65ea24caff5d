import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { decision, type Fixture, openFixture } from "../privacy.fixture.ts";

const MARK = "13987650000";
let shop: Fixture;
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
});
afterAll(() => shop.privacy.close());

/** The form of every error, and that it holds nothing of what was sent. */
async function refused(
  call: Promise<{ status: number; text: string; body: object }>,
  status: number,
  code: string,
): Promise<void> {
  const answer = await call;
  expect({ status: answer.status, code: (answer.body as { code?: string }).code }).toEqual({
    status,
    code,
  });
  expect(Object.keys(answer.body).toSorted()).toEqual(["code", "requestId"]);
  expect(answer.text).not.toContain(MARK);
}

describe("who may call", () => {
  it.each([
    ["GET", "/notice"],
    ["GET", "/consents"],
    ["DELETE", "/consents/delivery"],
    ["GET", "/data"],
    ["GET", "/data/export"],
    ["GET", "/requests"],
    ["GET", "/requests/x"],
    ["GET", "/certificates/x"],
    ["GET", "/staff/breaches"],
  ])("%s %s without a session is 401", async (method, path) => {
    await refused(shop.call(method, path), 401, "ERR_UNAUTHENTICATED");
  });

  it.each([
    ["POST", "/consents"],
    ["PUT", "/data/order/1"],
    ["POST", "/requests"],
    ["POST", "/staff/breaches"],
  ])("%s %s without a session is 401 before its body is looked at", async (method, path) => {
    await refused(shop.call(method, path, { rawBody: `{"${MARK}` }), 401, "ERR_UNAUTHENTICATED");
  });

  it("a subject is no staff, and a role opens only its routes", async () => {
    await refused(shop.call("GET", "/staff/breaches", { as: "lin" }), 403, "ERR_FORBIDDEN");
    await refused(
      shop.call("POST", "/staff/breaches", { as: "eve", roles: ["auditor"], body: {} }),
      403,
      "ERR_FORBIDDEN",
    );
    expect(
      (await shop.call("GET", "/staff/breaches", { as: "eve", roles: ["auditor"] })).status,
    ).toBe(200);
  });

  it("a session of another tenant finds nothing", async () => {
    await refused(
      shop.call("GET", "/data", { as: "lin", headers: { "x-test-tenant": "other" } }),
      404,
      "ERR_NOT_FOUND",
    );
  });

  it.each([
    { origin: "https://evil.example" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "null" },
  ])("a change that another site starts is refused: %j", async (headers) => {
    await refused(
      shop.call("POST", "/requests", { as: "lin", headers, body: { kind: "erase" } }),
      403,
      "ERR_FORBIDDEN",
    );
    await refused(
      shop.call("DELETE", "/consents/delivery", { as: "lin", headers }),
      403,
      "ERR_FORBIDDEN",
    );
  });

  it("a change from our own pages goes through", async () => {
    const headers = { origin: "http://shop.example" };
    expect((await shop.call("DELETE", "/consents/delivery", { as: "own", headers })).status).toBe(
      200,
    );
  });
});

describe("what may be sent", () => {
  const post = (rawBody: string, headers: { readonly [name: string]: string } = {}) =>
    shop.call("POST", "/consents", { as: "lin", rawBody, headers });

  it.each([
    ["broken JSON", `{"decisions":[{"purpose":"${MARK}"`],
    ["no JSON", MARK],
    ["null", "null"],
    ["an array", "[]"],
    ["a NUL character", JSON.stringify({ decisions: [decision({ purpose: "a\u0000b" })] })],
    ["an unknown field", JSON.stringify({ decisions: [decision()], [MARK]: 1 })],
    ["an unknown field inside", JSON.stringify({ decisions: [decision({ [MARK]: 1 })] })],
    ["a wrong type", JSON.stringify({ decisions: [decision({ counter: MARK })] })],
    ["no decision", JSON.stringify({ decisions: [] })],
    [
      "too many decisions",
      JSON.stringify({ decisions: Array.from({ length: 51 }, () => decision()) }),
    ],
    ["a date that is none", JSON.stringify({ decisions: [decision({ at: MARK })] })],
    ["a decision that is none", JSON.stringify({ decisions: [decision({ decision: MARK })] })],
  ])("%s is 400", async (_name, body) => {
    await refused(post(body), 400, "ERR_INPUT_INVALID");
  });

  it("invalid UTF-8 is 400", async () => {
    const response = await shop.privacy.fetch(
      new Request("http://shop.example/privacy/consents", {
        method: "POST",
        headers: { "x-test-subject": "lin", "content-type": "application/json" },
        body: Uint8Array.of(0x22, 0xff, 0x22),
      }),
    );
    expect(response.status).toBe(400);
  });

  it("another media type is 415", async () => {
    await refused(
      post(JSON.stringify({ decisions: [decision()] }), { "content-type": "text/plain" }),
      415,
      "ERR_UNSUPPORTED_MEDIA_TYPE",
    );
  });

  it("a body past the limit is 413, said in its length or not", async () => {
    const large = JSON.stringify({ decisions: [], pad: MARK.repeat(60_000) });
    await refused(post(large), 413, "ERR_INPUT_TOO_LARGE");
    const stream = new Blob([large]).stream();
    const response = await shop.privacy.fetch(
      new Request("http://shop.example/privacy/consents", {
        method: "POST",
        headers: { "x-test-subject": "lin", "content-type": "application/json" },
        body: stream,
        duplex: "half",
      }),
    );
    expect(response.status).toBe(413);
  });

  it("nothing of a refused body is stored", async () => {
    await post(JSON.stringify({ decisions: [decision({ notice: MARK })] }));
    expect((await shop.call("GET", "/consents", { as: "lin" })).body).toEqual({
      consents: [
        { purpose: "delivery", status: "unknown" },
        { purpose: "marketing", status: "unknown" },
      ],
    });
  });

  it.each(["?language=fr", "?language=en&purposes=unknown-one", "?purposes=", "?purposes=,,,"])(
    "GET /notice%s is 400",
    async (query) => {
      expect((await shop.call("GET", `/notice${query}`, { as: "lin" })).status).toBe(400);
    },
  );
});

describe("where nothing is", () => {
  it("an unknown path is 404, a known path with another method 405", async () => {
    await refused(shop.call("GET", `/${MARK}`, { as: "lin" }), 404, "ERR_NOT_FOUND");
    await refused(
      shop.call("POST", "/data", { as: "lin", body: {} }),
      405,
      "ERR_METHOD_NOT_ALLOWED",
    );
    await refused(
      shop.call("DELETE", "/data/order/1", { as: "lin" }),
      405,
      "ERR_METHOD_NOT_ALLOWED",
    );
  });

  it("another's request and one that never was give the same answer but for its id", async () => {
    shop.store.rows.push({ id: "o", memberId: "wang", phone: "1", address: "a", closedAt: null });
    const { body } = await shop.call("POST", "/requests", { as: "wang", body: { kind: "erase" } });
    await shop.privacy.idle();
    const answers = await Promise.all(
      [String(body["id"]), "never-was"].map((id) =>
        shop.call("GET", `/requests/${id}`, { as: "lin" }),
      ),
    );
    const [hers, none] = answers.map(({ status, text, headers }) => ({
      status,
      text: text.replace(/"requestId":"[^"]+"/, ""),
      headers: [...headers].filter(([name]) => name !== "x-request-id"),
    }));
    expect(hers).toEqual(none);
    expect(hers!.status).toBe(404);
  });

  it.each(["/requests/%00", "/certificates/a%00", "/consents/%00", "/data/order/%00"])(
    "a NUL character in %s finds nothing, and breaks nothing",
    async (path) => {
      const method = path.startsWith("/data")
        ? "PUT"
        : path.startsWith("/consents")
          ? "DELETE"
          : "GET";
      const body = method === "PUT" ? { body: { phone: "1" } } : {};
      await refused(shop.call(method, path, { as: "lin", ...body }), 404, "ERR_NOT_FOUND");
      expect((await shop.call("GET", "/consents", { as: "lin" })).status).toBe(200);
    },
  );

  it("another's row cannot be corrected", async () => {
    shop.store.rows.push({ id: "of-li", memberId: "li", phone: "1", address: "a", closedAt: null });
    await refused(
      shop.call("PUT", "/data/order/of-li", { as: "lin", body: { phone: "2" } }),
      404,
      "ERR_NOT_FOUND",
    );
    expect(shop.store.rows.find(({ id }) => id === "of-li")!["phone"]).toBe("1");
  });
});

describe("what every answer carries", () => {
  it("is not cached, not sniffed, and named by a request id", async () => {
    const { headers } = await shop.call("GET", "/data", { as: "lin" });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("an inner fault is 500 with its id in the log, and says nothing", async () => {
    const failing = { ...shop.store.connector };
    shop.store.connector.find = async () => {
      throw new Error(`Key (phone)=(${MARK}) exists`);
    };
    await refused(shop.call("GET", "/data", { as: "lin" }), 500, "ERR_INTERNAL");
    shop.store.connector.find = failing.find;
    expect(JSON.stringify(shop.logged)).not.toContain(MARK);
    expect(shop.logged.some(({ code }) => code === "ERR_INTERNAL")).toBe(true);
  });
});
