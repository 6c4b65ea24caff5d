import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { openTestDatabase } from "../database/database.fixture.ts";
import { createPrivacy, type Privacy } from "../privacy.ts";
import { memoryStore, policy, row } from "../privacy.fixture.ts";

const order = personalRecord(policy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  address: personal("address", z.string().check(z.maxLength(20))),
  phone: personal("phone", z.string()),
});
const store = memoryStore();
let privacy: Privacy<typeof policy, readonly [typeof order]>;
beforeAll(async () => {
  privacy = await createPrivacy({
    policy,
    records: [order],
    database: await openTestDatabase(),
    connectors: { shop: store.connector },
    authenticate: () => ({ subjectId: "lin", authenticatedAt: Date.now() }),
  });
  store.rows.push(row("lin"), row("li"));
});
afterAll(() => privacy.close());

async function call(method: string, path: string, body?: object): Promise<[number, unknown]> {
  const response = await privacy.fetch(
    new Request(`http://shop.example/privacy${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      headers: { "content-type": "application/json" },
    }),
  );
  return [response.status, response.status === 204 ? undefined : await response.json()];
}
const correct = (body: object) => call("PUT", "/data/order/order-of-lin", body);
const stored = () => store.rows.find(({ memberId }) => memberId === "lin");

describe("a person's own data", () => {
  it("PIPL-45: she sees what the stores hold of her, the declared fields and no one else's", async () => {
    const { closedAt: _undeclared, ...declared } = row("lin");
    expect(await call("GET", "/data")).toEqual([200, { records: { order: [declared] } }]);
  });

  it("WX-4.4.7a: she corrects by herself what she may correct", async () => {
    expect((await correct({ address: "Lake Road 1" }))[0]).toBeLessThan(300);
    expect(stored()).toMatchObject({ address: "Lake Road 1" });
  });

  it.each([
    ["what does not fit its schema", { address: "x".repeat(21) }],
    ["whose it is", { memberId: "li" }],
    ["what is not personal", { id: "other" }],
    ["what is not there", { constructor: "x" }],
    ["nothing", {}],
  ])("WX-4.4.7a: she does not correct %s", async (_what, body) => {
    const before = { ...stored() };
    expect(await correct(body)).toEqual([
      400,
      { code: "ERR_INPUT_INVALID", requestId: expect.any(String) },
    ]);
    expect(stored()).toEqual(before);
  });
});
