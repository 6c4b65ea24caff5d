import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Policy, PurposeDefinition } from "../policy/policy.ts";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import { AGE_BANDS, type AgeBand, CONSENT_AGES, guardianAge, mayBeBelow } from "./consent-age.ts";
import { type ConsentGrant, decideGrant } from "./decide-grant.ts";

const minors: Policy = { ...soundPolicy, audience: { minors: "possible" } };
const onTcmpp = (minimumAge: "host-states" | "ask"): Policy => ({
  ...soundPolicy,
  platforms: { tcmpp: { guard: "block", minimumAge } },
});
const guardian = { relation: "parent", verification: "identity-check" } as const;
const written = { documentDigest: "a".repeat(64), method: "handwritten" } as const;

/** `accepted`, or the reason and its clauses. */
function outcome(
  policy: Policy,
  grant: Partial<ConsentGrant> = {},
  purpose = "delivery",
): readonly string[] {
  const decision = decideGrant(policy, purpose, { noticePurposes: [purpose], ...grant });
  return decision.accepted ? ["accepted"] : [decision.reason, ...decision.obligations];
}
const reason = (...all: Parameters<typeof outcome>): string => outcome(...all)[0]!;
const delivery = (change: Partial<PurposeDefinition>): Policy => withPurpose("delivery", change);

describe("decideGrant", () => {
  it("WX-4.4.2b: takes no consent to what the published policy does not say", () => {
    expect(reason(soundPolicy)).toBe("accepted");
    expect(outcome(soundPolicy, {}, "profiling")).toEqual([
      "purpose-unknown",
      "WX-4.4.2b",
      "PIPL-14",
    ]);
    expect(reason(soundPolicy, {}, "toString")).toBe("purpose-unknown");
  });

  it("asks nobody's age in an ordinary shop, and takes an explicit consent under a notice of several things", () => {
    expect(reason(soundPolicy, { noticePurposes: ["delivery", "kitchen"] })).toBe("accepted");
    expect(reason(soundPolicy, { ageBand: "under-14" })).toBe("accepted");
  });

  it("PIPL-29: separate consent needs a notice of that purpose alone", () => {
    const bundle = { noticePurposes: ["delivery", "kitchen"] };
    expect(outcome(soundPolicy, bundle, "kitchen")).toEqual([
      "separate-notice-missing",
      "PIPL-29",
      "REG-22",
    ]);
    expect(reason(soundPolicy, { noticePurposes: [] }, "kitchen")).toBe("separate-notice-missing");
    expect(reason(soundPolicy, { noticePurposes: ["delivery"] }, "kitchen")).toBe(
      "separate-notice-missing",
    );
    expect(reason(soundPolicy, {}, "kitchen")).toBe("accepted");
  });

  it.each<[string, Partial<PurposeDefinition>]>([
    ["sensitive data", { categories: ["phone", "allergy"] }],
    ["marketing", { use: "marketing" }],
    ["sharing", { use: "sharing" }],
    ["transfer", { use: "transfer" }],
    ["written consent", { consentKind: "written" }],
    ["a guardian's consent", { consentKind: "guardian" }],
  ])("PIPL-29: %s is consented to separately, whatever the policy says", (_, change) => {
    const grant = { written, guardian };
    const bundle = { ...grant, noticePurposes: ["delivery", "kitchen"] };
    expect(reason(delivery(change), bundle)).toBe("separate-notice-missing");
    expect(reason(delivery(change), grant)).toBe("accepted");
  });

  it("PIPL-14: written consent needs the document", () => {
    const policy = delivery({ consentKind: "written" });
    expect(outcome(policy)).toEqual(["written-form-missing", "PIPL-14", "PIPL-29"]);
    expect(reason(policy, { written })).toBe("accepted");
  });

  it("PIPL-31: where children may be among the subjects, the band is asked and a guardian consents below fourteen", () => {
    expect(outcome(minors)).toEqual(["age-unknown", "PIPL-31", "TC-D6.1"]);
    expect(outcome(minors, { ageBand: "under-14" })).toEqual(["guardian-missing", "PIPL-31"]);
    expect(reason(minors, { ageBand: "under-14", guardian })).toBe("accepted");
    expect(reason(minors, { ageBand: "14-17" })).toBe("accepted");
    expect(reason(minors, { ageBand: "adult" })).toBe("accepted");
  });

  it("PIPL-31: goes by the age of the controller's country, and by eighteen where none is known", () => {
    const at = (country: string): Policy => ({
      ...minors,
      controller: { ...minors.controller, country },
    });
    expect(reason(at("DE"), { ageBand: "14-17" })).toBe("guardian-missing");
    expect(reason(at("XX"), { ageBand: "14-17" })).toBe("guardian-missing");
    expect(reason(at("KR"), { ageBand: "14-17" })).toBe("accepted");
    expect(reason(at("XX"), { ageBand: "adult" })).toBe("accepted");
  });

  it("PIPL-31: a purpose for guardians needs one, unless the subject is of age", () => {
    const policy = delivery({ consentKind: "guardian" });
    expect(reason(policy)).toBe("guardian-missing");
    expect(reason(policy, { ageBand: "under-14" })).toBe("guardian-missing");
    expect(reason(policy, { guardian })).toBe("accepted");
    expect(reason(policy, { ageBand: "adult" })).toBe("accepted");
  });

  it("TC-D6.1: on TCMPP the age is asked, and a user below it is refused whoever consents", () => {
    expect(outcome(onTcmpp("ask"))).toEqual(["age-unknown", "PIPL-31", "TC-D6.1"]);
    expect(outcome(onTcmpp("ask"), { ageBand: "under-14", guardian })).toEqual([
      "below-minimum-age",
      "TC-D6.1",
    ]);
    expect(reason(onTcmpp("ask"), { ageBand: "14-17" })).toBe("accepted");
  });

  it("TC-D6.1: where the host states the age nobody is asked, and what was said still counts", () => {
    expect(reason(onTcmpp("host-states"))).toBe("accepted");
    expect(reason(onTcmpp("host-states"), { ageBand: "under-14" })).toBe("below-minimum-age");
  });

  it("PIPL-44: Global Privacy Control refuses marketing and sharing, nothing else", () => {
    for (const use of ["marketing", "sharing"] as const) {
      expect(outcome(delivery({ use }), { optedOut: true })).toEqual(["opted-out", "PIPL-44"]);
      expect(reason(delivery({ use }), { optedOut: false })).toBe("accepted");
    }
    for (const use of ["service", "transfer", "outside-program"] as const) {
      expect(reason(delivery({ use }), { optedOut: true })).toBe("accepted");
    }
  });

  it("PIPL-31: no guardian, document or notice makes up for a missing age", () => {
    const grants = fc.record(
      {
        noticePurposes: fc.subarray(["delivery", "kitchen"]),
        guardian: fc.constant(guardian),
        written: fc.constant(written),
        optedOut: fc.boolean(),
      },
      { requiredKeys: ["noticePurposes"] },
    );
    fc.assert(
      fc.property(grants, fc.constantFrom("delivery", "kitchen"), (grant, purpose) => {
        expect(decideGrant(minors, purpose, grant).accepted).toBe(false);
      }),
    );
  });
});

describe("guardianAge", () => {
  it("is a row of the table, each jurisdiction once, and eighteen for any other", () => {
    expect(guardianAge("CN")).toBe(14);
    expect(guardianAge("FR")).toBe(16);
    expect(guardianAge("")).toBe(18);
    const jurisdictions = CONSENT_AGES.map(({ jurisdiction }) => jurisdiction);
    expect(new Set(jurisdictions).size).toBe(jurisdictions.length);
  });

  it("counts a band as below when anybody of it may be", () => {
    const below = (age: number): readonly AgeBand[] =>
      AGE_BANDS.filter((band) => mayBeBelow(band, age));
    expect(below(14)).toEqual(["under-14"]);
    expect(below(16)).toEqual(["under-14", "14-17"]);
    expect(below(18)).toEqual(["under-14", "14-17"]);
  });
});
