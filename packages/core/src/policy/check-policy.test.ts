import { describe, expect, it } from "vitest";
import { type CheckCase, error, without } from "./check-case.fixture.ts";
import { checkPolicy } from "./check-policy.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { Policy } from "./policy.ts";

const withHold = (days: number): Policy => ({
  ...soundPolicy,
  holds: {
    tax: {
      law: { "zh-CN": "《会计法》", en: "Accounting Law" },
      categories: ["phone"],
      days,
      from: "order-closed",
    },
  },
});

const CASES: readonly CheckCase[] = [
  {
    title: "WX-4.4.2a, PIPL-17: a text missing in one language",
    policy: withPurpose("delivery", { text: { "zh-CN": "送货", en: " " } }),
    finding: {
      ...error,
      code: "text-missing",
      path: "purposes.delivery.text.en",
      obligations: ["WX-4.4.2a", "PIPL-17"],
    },
  },
  {
    title: "WX-4.4.2a, PIPL-17: a ground for proofs that is not said in one language",
    policy: { ...soundPolicy, evidence: { keepDays: 1, basis: { "zh-CN": "证明" } } },
    finding: {
      ...error,
      code: "text-missing",
      path: "evidence.basis.en",
      obligations: ["WX-4.4.2a", "PIPL-17"],
    },
  },
  {
    title: "WX-4.4.2a, PIPL-17: a policy in no language",
    policy: { ...soundPolicy, languages: [] },
    finding: {
      ...error,
      code: "text-missing",
      path: "languages",
      obligations: ["WX-4.4.2a", "PIPL-17"],
    },
  },
  {
    title: "PIPL-17: a controller nobody can reach",
    policy: { ...soundPolicy, controller: { ...soundPolicy.controller, contact: { email: "" } } },
    finding: {
      ...error,
      code: "contact-missing",
      path: "controller.contact",
      obligations: ["WX-4.4.2a", "PIPL-17"],
    },
  },
  {
    title: "PIPL-17: a purpose that does not say how long",
    policy: {
      ...soundPolicy,
      purposes: {
        ...soundPolicy.purposes,
        delivery: without(soundPolicy.purposes["delivery"]!, "retention"),
      },
    },
    finding: {
      ...error,
      code: "retention-missing",
      path: "purposes.delivery.retention",
      obligations: ["PIPL-17", "PIPL-19"],
    },
  },
  ...[0, -1, 1.5, 36_501, Number.NaN].map((days) => ({
    title: `PIPL-19: a retention of ${days} days`,
    policy: withPurpose("delivery", { retention: { days, from: "order-closed", then: "erase" } }),
    finding: {
      ...error,
      code: "retention-unreasonable" as const,
      path: "purposes.delivery.retention.days",
      obligations: ["PIPL-19"],
    },
  })),
  {
    title: "PIPL-19: a hold without an end",
    policy: withHold(Number.POSITIVE_INFINITY),
    finding: {
      ...error,
      code: "retention-unreasonable",
      path: "holds.tax.days",
      obligations: ["PIPL-19"],
    },
    mended: withHold(3650),
  },
  {
    title: "PIPL-19: proofs of consent kept for no time",
    policy: { ...soundPolicy, evidence: { keepDays: 0, basis: { "zh-CN": "证明", en: "proof" } } },
    finding: {
      ...error,
      code: "retention-unreasonable",
      path: "evidence.keepDays",
      obligations: ["PIPL-19"],
    },
    mended: {
      ...soundPolicy,
      evidence: { keepDays: 1095, basis: { "zh-CN": "证明", en: "proof" } },
    },
  },
  {
    title: "WX-4.4.4a, PIPL-6: a category no purpose needs",
    policy: {
      ...soundPolicy,
      categories: {
        ...soundPolicy.categories,
        email: { label: { "zh-CN": "邮箱", en: "Email" }, source: "subject" },
      },
    },
    finding: {
      ...error,
      code: "category-unused",
      path: "categories.email",
      obligations: ["WX-4.4.4a", "PIPL-6"],
    },
  },
];

describe("checkPolicy", () => {
  it("finds nothing in a sound policy", () => {
    expect(checkPolicy(soundPolicy)).toEqual([]);
  });

  it.each(CASES)("finds $title", ({ policy, finding, mended }) => {
    expect(checkPolicy(policy)).toEqual([finding]);
    expect(checkPolicy(mended ?? soundPolicy)).toEqual([]);
  });

  it("PIPL-19: takes a hundred years for a period, and not a day more", () => {
    const kept = (days: number): Policy =>
      withPurpose("delivery", { retention: { days, from: "order-closed", then: "erase" } });
    expect(checkPolicy(kept(36_500))).toEqual([]);
    expect(checkPolicy(kept(36_501))).toHaveLength(1);
  });
});
