import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, openFixture } from "../privacy.fixture.ts";

const MARK = "13987650000";
let shop: Fixture;
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
});
afterAll(() => shop.privacy.close());

const ROLES = ["privacy-officer", "on-call", "auditor"] as const;
/** Path parameters, query values and headers that no client of ours sends. */
const VALUES = [
  MARK,
  "%00",
  "%2F..%2F..",
  "%ff",
  "%zz",
  "__proto__",
  "constructor",
  "'; drop table subject; --",
  "\u202e",
  "-1",
  "9".repeat(400),
  "a".repeat(5000),
].map((value) => (value.startsWith("%") ? value : encodeURIComponent(value)));
const BODIES = [
  "",
  "null",
  "0",
  '""',
  "[]",
  "{}",
  `"${MARK}"`,
  `{"__proto__":{"${MARK}":1}}`,
  `{"constructor":{"prototype":{"${MARK}":1}}}`,
  "[".repeat(3000),
  `${'{"a":'.repeat(1500)}1${"}".repeat(1500)}`,
  `{"decisions":${"[".repeat(1500)}${"]".repeat(1500)}}`,
  `{"decisions":[{"decisionId":"${MARK}","purpose":"__proto__","decision":"given","counter":1e400,"at":"x"}]}`,
  `{"kind":"erase","requestKey":"${MARK}","kind":"${MARK}"}`,
  `{"kind":"access"}`,
  `{"phone":{"$ne":"${MARK}"}}`,
  `{"phone":"\\ud800"}`,
  `{"phone":"${MARK.repeat(3)}"}`,
  `{"schemaVersion":"1","record":"${MARK}"}`,
];

interface Call {
  readonly method: string;
  readonly path: string;
  readonly rawBody?: string;
}

async function callsOfEveryRoute(): Promise<readonly Call[]> {
  const { body } = await shop.call("GET", "/openapi.json");
  const paths = body["paths"] as { [path: string]: { [method: string]: { requestBody?: object } } };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([name, { requestBody }]) => {
      const method = name.toUpperCase();
      const filled = VALUES.map((value) => path.replaceAll(/\{\w+\}/g, value));
      const queried = VALUES.map(
        (value) =>
          `${filled[0]}?language=${value}&purposes=${value},${value}&index=${value}&format=${value}&${value}=1`,
      );
      const targets = [...new Set([...filled, ...queried])].map((target) => ({
        method,
        path: target,
      }));
      const bodied = BODIES.map((rawBody) => ({ method, path: filled[0]!, rawBody }));
      return requestBody === undefined ? targets : [...targets, ...bodied];
    }),
  );
}

it("garbage on every route is refused in our own shape, tells nothing, and is no fault of ours", async () => {
  const calls = await callsOfEveryRoute();
  expect(calls.length).toBeGreaterThan(300);
  for (const call of calls) {
    shop.logged.length = 0;
    const headers = { "x-request-token": MARK };
    const { method, path, rawBody } = call;
    const answer = await shop.call(method, path, {
      as: "lin",
      roles: ROLES,
      headers,
      ...(rawBody !== undefined && { rawBody }),
    });
    const what = `${method} ${path} ${rawBody ?? ""}`.slice(0, 120);
    expect([what, answer.status < 500]).toEqual([what, true]);
    if (answer.status >= 400)
      expect(Object.keys(answer.body).toSorted()).toEqual(["code", "requestId"]);
    expect(JSON.stringify(shop.logged)).not.toContain(MARK);
    const told = answer.text + JSON.stringify([...answer.headers]);
    expect([what, told.includes(MARK)]).toEqual([what, false]);
  }
  expect(({} as { [name: string]: unknown })[MARK]).toBeUndefined();
});
