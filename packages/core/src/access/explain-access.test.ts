import { describe, expect, it } from "vitest";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import { consent, NOW } from "./access-facts.fixture.ts";
import type { KnownFacts } from "./access-facts.ts";
import { explainAccess } from "./explain-access.ts";

const delivery = { purpose: "delivery", categories: ["phone"] };
const explain = (known: Partial<KnownFacts>, policy = soundPolicy, query: object = {}) =>
  explainAccess(
    policy,
    { ...delivery, ...query },
    { subjectId: "lin", records: [], freshUntil: 0, ...known },
    NOW,
  );
const changes = (...all: Parameters<typeof explain>): readonly string[] =>
  explain(...all).wouldChange.map(({ change }) => change);

describe("explainAccess", () => {
  it("tells what a permit rested on", () => {
    const order = { id: "o1", closes: { category: "allergy" } };
    expect(explain({ records: [consent("delivery", "given")], orders: [order] })).toEqual({
      decision: { permitted: true, ground: "consent", consentId: "record-delivery" },
      facts: {
        purpose: {
          basis: "consent",
          use: "service",
          categories: ["phone"],
          recipients: ["courier"],
        },
        consent: {
          status: "given",
          recordId: "record-delivery",
          from: "2026-11-01T00:00:00Z",
          until: "2027-11-01T00:00:00Z",
        },
        restricted: false,
        erased: false,
        authorizations: [],
        orders: ["o1"],
      },
      wouldChange: [],
    });
  });

  it("WX-4.6, WX-4.7a: names everything that stands in the way, not the first thing only", () => {
    const policy = withPurpose("delivery", { use: "marketing" });
    const known = {
      restricted: true,
      orders: [{ id: "o", closes: "tenant" }],
      records: [consent("delivery", "withdrawn")],
    } as const;
    expect(explain(known, policy).decision).toMatchObject({ reason: "subject-restricted" });
    expect(changes(known, policy)).toEqual([
      "restriction-ended",
      "order-lifted",
      "consent",
      "platform-authorization",
    ]);
    expect(explain(known, policy).wouldChange.at(-1)).toEqual({
      change: "platform-authorization",
      reason: "platform-authorization-missing",
      obligations: ["WX-4.6"],
    });
  });

  it.each<[string, Partial<KnownFacts>, object, readonly string[]]>([
    ["a purpose the policy lacks", {}, { purpose: "other" }, ["policy"]],
    ["a category of another purpose", {}, { categories: ["allergy"] }, ["policy"]],
    ["an erased subject", { erased: true }, {}, ["nothing"]],
    ["another tenant", {}, { tenant: "b" }, ["nothing"]],
    [
      "data past its time",
      {
        records: [consent("delivery", "given")],
        anchors: { "order-closed": "2026-01-01T00:00:00Z" },
      },
      {},
      ["retention-renewed"],
    ],
    ["data that goes abroad unannounced", {}, { abroad: true }, ["consent", "policy"]],
  ])("says what would help for %s", (_case, known, query, expected) => {
    expect(changes(known, soundPolicy, query)).toEqual(expected);
  });

  it("looks past observing: what passes for now is explained as it will be denied", () => {
    const { decision, wouldChange } = explain({ observeUntil: NOW + 1 });
    expect(decision).toMatchObject({ permitted: true, ground: "observed" });
    expect(wouldChange).toMatchObject([{ change: "consent", reason: "consent-missing" }]);
  });
});
