import { bench, describe } from "vitest";
import * as z from "zod/mini";
import { bundle } from "../../../../test/support/bundle.ts";
import { personal, personalRecord, plain, subject } from "../policy/personal-record.ts";
import type { Policy } from "../policy/policy.ts";
import type * as core from "../index.ts";
import { NOW } from "./access-facts.fixture.ts";
import type { AccessFacts } from "./access-facts.ts";
import { gridFacts, gridPolicy, gridQueries, type GridSize } from "./access-grid.fixture.ts";
import type { AccessQuery } from "./access-query.ts";

// Goals: a decision in 60 ns for one category and 100 ns for three, with 10,000 rules at most 1.3 x as long as with 10;
// a view in 0.25 x of JSON.stringify. A decision is less than what it takes to look at the clock: each run makes a
// thousand, all different and all permitted.

// As an app has it: between modules, what vitest makes of an import costs as much again as the decision.
const { code } = await bundle(
  `export { decideAccess, purposeView } from "@miniprivacy/core"`,
  "es2022",
);
const { decideAccess, purposeView } = (await import(
  `data:text/javascript,${encodeURIComponent(code)}`
)) as typeof core;

// Of this file's own: reading what another exports is a call here.
const now = NOW;

const SIZES: readonly GridSize[] = [
  { purposes: 2, categories: 10, categoriesEach: 5 },
  { purposes: 20, categories: 30, categoriesEach: 25 },
  { purposes: 100, categories: 200, categoriesEach: 100 },
];

for (const basis of ["consent", "contract"] as const)
  for (const [asked, goal] of [
    [1, "0.06 ms"],
    [3, "0.1 ms"],
  ] as const)
    describe(`1000 decisions, basis ${basis}, categories ${asked} (goal ${goal})`, () => {
      for (const size of SIZES) {
        const policy = gridPolicy(size, basis);
        const facts = gridFacts(policy);
        const queries = gridQueries(size, asked);
        const decide = bareLookUps(policy);
        const rules = `${size.purposes * size.categoriesEach} rules`;
        bench(`bare look-ups (limit), ${rules}`, () => {
          let i = 0;
          for (const query of queries)
            if (!decide(query, facts[i++ & 1]!)) throw new Error("a permitted query was denied");
        });
        bench(`decideAccess, ${rules}`, () => {
          let i = 0;
          for (const query of queries)
            if (!decideAccess(policy, query, facts[i++ & 1]!, now).permitted)
              throw new Error("a permitted query was denied");
        });
      }
    });

/** Nothing but the names' look-ups: a purpose's categories as bits, the consent and its end. No other rule. */
function bareLookUps(policy: Policy): (query: AccessQuery, facts: AccessFacts) => boolean {
  const places = new Map(Object.keys(policy.categories).map((id, at) => [id, at]));
  const purposes = new Map(
    Object.entries(policy.purposes).map(([id, { basis, categories }]) => {
      const bits = new Uint32Array((places.size + 31) >>> 5);
      for (const category of categories) {
        const place = places.get(category)!;
        bits[place >>> 5]! |= 1 << (place & 31);
      }
      return [id, { bits, consents: basis === "consent" }];
    }),
  );
  return ({ purpose, categories }, { consents }) => {
    const rule = purposes.get(purpose);
    if (rule === undefined) return false;
    for (const category of categories) {
      const place = places.get(category);
      if (place === undefined || (rule.bits[place >>> 5]! & (1 << (place & 31))) === 0)
        return false;
    }
    if (!rule.consents) return true;
    const consent = consents.get(purpose);
    return consent?.permit !== undefined && now < consent.until;
  };
}

describe("1000 rows of 40 fields", () => {
  const size = { purposes: 1, categories: 38, categoriesEach: 12 };
  const policy = gridPolicy(size, "consent");
  const record = personalRecord(policy, "order", {
    id: plain(z.string()),
    memberId: subject(z.string()),
    ...Object.fromEntries(
      Object.keys(policy.categories).map((id, i) => [`field${i}`, personal(id, z.unknown())]),
    ),
  });
  const view = purposeView<Policy, typeof record.fields, string>(record, "purpose-0");
  const facts = gridFacts(policy)[0]!;
  const values = (i: number): readonly unknown[] => [
    "13912345678",
    `lin.${i}@shop.example`,
    "上海市花园路 8 号 301 室",
    "2026-11-24T08:00:00.000Z",
    `林 ${i}`,
    i,
    i % 2 === 0,
    null,
  ];
  const rows = Array.from({ length: 1000 }, (_, i) => ({
    id: `order-${i}`,
    memberId: "subject-0",
    ...Object.fromEntries(
      Object.keys(policy.categories).map((_id, at) => [`field${at}`, values(i + at)[at % 8]]),
    ),
  }));
  const first = view.read(rows[0] as never, facts, now);
  if (!first.permitted || Object.keys(first.value).length !== 14) throw new Error("not 14 fields");

  bench("JSON.stringify (limit)", () => {
    for (const row of rows) if (JSON.stringify(row).length < 40) throw new Error("too short");
  });
  bench("view of 14 (goal 0.25 x JSON.stringify)", () => {
    for (const row of rows) if (!view.read(row, facts, now).permitted) throw new Error("denied");
  });
});
