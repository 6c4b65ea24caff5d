import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { keepTestDatabase } from "../database/database.fixture.ts";
import { createPrivacy, type Privacy } from "../privacy.ts";
import { memoryStore, policy, row } from "../privacy.fixture.ts";
import type { ConfirmRectification, FieldCorrection } from "./rectification-service.ts";

const order = personalRecord(policy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  address: personal("address", z.string()),
  phone: personal("phone", z.string().check(z.maxLength(20)), { rectify: "verify-again" }),
  sentTo: personal("address", z.string(), { rectify: "from-now-on" }),
});
const PHONE = "13800000000";
const PLANTED = row("lin", { sentTo: "Harbour 3" });

const openDatabase = keepTestDatabase();
const store = memoryStore();
const asked: FieldCorrection[] = [];
let confirm: ConfirmRectification;
let confirming: Privacy<typeof policy, readonly [typeof order]>;
let plainly: typeof confirming;
beforeAll(async () => {
  const common = {
    policy,
    records: [order],
    connectors: { shop: store.connector },
    authenticate: () => ({ subjectId: "lin", authenticatedAt: Date.now() }),
    logger: { info() {}, error() {} },
    storeTimeoutMs: 100,
  } as const;
  plainly = await createPrivacy({ ...common, database: await openDatabase() });
  confirming = await createPrivacy({
    ...common,
    database: await openDatabase(),
    confirmRectification: (correction) => {
      asked.push(correction);
      return confirm(correction);
    },
  });
  store.rows.push(PLANTED);
});
afterEach(() => {
  store.rows = [PLANTED];
  asked.length = 0;
});
afterAll(() => Promise.all([plainly.close(), confirming.close()]));

async function correct(
  privacy: typeof confirming,
  body: object,
  key = "order-of-lin",
): Promise<readonly [status: number, body: { readonly [name: string]: unknown }]> {
  const request = new Request(`http://shop.example/privacy/data/order/${key}`, {
    method: "PUT",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const response = await privacy.fetch(request);
  return [response.status, (await response.json()) as { readonly [name: string]: unknown }];
}

const refusal = (reason?: string): readonly unknown[] => [
  400,
  { code: "ERR_INPUT_INVALID", requestId: expect.any(String), ...(reason && { reason }) },
];

describe("WX-4.4.7a, PIPL-46: a field that must be verified again", () => {
  it("is corrected when the host confirms its new value", async () => {
    confirm = async ({ value }) => value === PHONE;
    const [status, body] = await correct(confirming, { phone: PHONE, address: "Lake Road 1" });
    expect([status, body["corrected"]]).toEqual([200, ["phone", "address"]]);
    expect(store.rows).toEqual([{ ...PLANTED, phone: PHONE, address: "Lake Road 1" }]);
    expect(asked).toEqual([
      { tenant: "", subjectId: "lin", record: "order", field: "phone", value: PHONE },
    ]);
  });

  it("is refused with its reason when the host does not, and nothing else is changed", async () => {
    confirm = () => false;
    const patch = { address: "Lake Road 1", phone: PHONE };
    expect(await correct(confirming, patch)).toEqual(refusal("verify-again"));
    expect(await correct(plainly, patch)).toEqual(refusal("verify-again"));
    expect(store.rows).toEqual([PLANTED]);
  });

  it.each<[how: string, answer: ConfirmRectification]>([
    ["fails", () => Promise.reject(new Error(PHONE))],
    [
      "throws",
      () => {
        throw new Error(PHONE);
      },
    ],
    ["hangs", () => new Promise(() => {})],
    ["answers nonsense", () => "yes" as never],
  ])("is not changed while the host's confirmation %s", async (_how, answer) => {
    confirm = answer;
    const [status, body] = await correct(confirming, { phone: PHONE });
    expect([status, body["code"]]).toEqual([503, "ERR_STORE_UNAVAILABLE"]);
    expect(store.rows).toEqual([PLANTED]);
  });

  it("is not asked about where its value does not fit, or there is no such row", async () => {
    confirm = () => true;
    expect(await correct(confirming, { phone: "1".repeat(21) })).toEqual(refusal());
    expect((await correct(confirming, { phone: PHONE }, "order-of-li"))[0]).toBe(404);
    expect(asked).toEqual([]);
  });
});

it("PIPL-46: a field that counts from now on stays as it is, and the reason is told", async () => {
  confirm = () => true;
  const patch = { address: "Lake Road 1", sentTo: "Lake Road 1" };
  expect(await correct(confirming, patch)).toEqual(refusal("from-now-on"));
  expect(store.rows).toEqual([PLANTED]);
});
