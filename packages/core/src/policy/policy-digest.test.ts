import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffPolicies } from "./diff-policies.ts";
import { anyPolicyPair } from "./policy-pair.fixture.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { Policy } from "./policy.ts";
import { policyDigest, purposeDigest } from "./policy-digest.ts";

/** The same value with the members of every object in another order. */
function reordered(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, order));
  if (typeof value !== "object" || value === null) return value;
  const members = value as { readonly [name: string]: unknown };
  return Object.fromEntries(
    order(Object.keys(members)).map((key) => [key, reordered(members[key], order)]),
  );
}

/** The policy with its n-th string, counted in the order of JSON, changed; undefined past the last. */
function withString(
  policy: Policy,
  n: number,
  change: (text: string) => string,
): Policy | undefined {
  let left = n;
  const changed = JSON.parse(JSON.stringify(policy), (_key, value: unknown) =>
    typeof value === "string" && left-- === 0 ? change(value) : value,
  ) as Policy;
  return left < 0 ? changed : undefined;
}

describe("policyDigest", () => {
  it("is SHA-256 in hex, and does not depend on the order of members", () => {
    const digest = policyDigest(soundPolicy);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (ranks) => {
        const shuffle = (keys: string[]): string[] =>
          keys
            .map((key) => ({ key, rank: ranks.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ key }) => key);
        expect(policyDigest(reordered(soundPolicy, shuffle) as Policy)).toBe(digest);
      }),
    );
  });

  it("changes with any character of any text or id", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.string({ minLength: 1 }), (n, more) => {
        const changed = withString(soundPolicy, n, (text) => text + more);
        fc.pre(changed !== undefined);
        expect(policyDigest(changed)).not.toBe(policyDigest(soundPolicy));
      }),
    );
  });

  it("depends on the order of a list", () => {
    const reversed = { ...soundPolicy, languages: soundPolicy.languages.toReversed() };
    expect(policyDigest(reversed)).not.toBe(policyDigest(soundPolicy));
  });
});

describe("purposeDigest", () => {
  const digest = purposeDigest(soundPolicy, "delivery");
  const { categories, recipients, controller } = soundPolicy;

  it("PIPL-14: changes with whatever a consent to the purpose rests on", () => {
    const label = { "zh-CN": "新", en: "New" };
    const changes = [
      withPurpose("delivery", { text: label }),
      withPurpose("delivery", { retention: { days: 181, from: "order-closed", then: "erase" } }),
      {
        ...soundPolicy,
        categories: {
          ...categories,
          phone: { ...categories["phone"]!, source: "platform" as const },
        },
      },
      { ...soundPolicy, recipients: { courier: { ...recipients["courier"]!, country: "SG" } } },
      { ...soundPolicy, controller: { ...controller, name: label } },
      { ...soundPolicy, storageLocations: ["CN", "HK"] },
      {
        ...soundPolicy,
        sdks: { maps: { name: label, categories: ["phone"], purpose: "delivery" } },
      },
    ];
    for (const changed of changes) expect(purposeDigest(changed, "delivery")).not.toBe(digest);
  });

  it("PIPL-21: does not change with a processor, a contact or a label, which are only told", () => {
    const label = { "zh-CN": "新", en: "New" };
    const changes = [
      withPurpose("delivery", { label }),
      withPurpose(
        "delivery",
        { recipients: ["courier", "other"] },
        { ...soundPolicy, recipients: { ...recipients, other: recipients["courier"]! } },
      ),
      { ...soundPolicy, categories: { ...categories, phone: { ...categories["phone"]!, label } } },
      { ...soundPolicy, controller: { ...controller, contact: { phone: "400-2" } } },
      { ...soundPolicy, processor: controller },
    ];
    for (const changed of changes) {
      expect(purposeDigest(changed, "delivery")).toBe(digest);
      expect(policyDigest(changed)).not.toBe(policyDigest(soundPolicy));
    }
  });

  it("does not change with anything another purpose alone promises", () => {
    const { kitchen } = soundPolicy.purposes;
    const kitchenOnly: Policy = { ...soundPolicy, purposes: { kitchen: kitchen! } };
    fc.assert(
      fc.property(fc.nat(30), fc.string({ minLength: 1 }), (n, more) => {
        const changed = withString(kitchenOnly, n, (text) => text + more);
        fc.pre(changed !== undefined);
        const policy = {
          ...soundPolicy,
          purposes: { ...soundPolicy.purposes, ...changed.purposes },
        };
        expect(purposeDigest(policy, "delivery")).toBe(digest);
      }),
    );
  });

  it("does not change with another purpose, or a raised version", () => {
    expect(purposeDigest(withPurpose("kitchen", { necessity: "necessary" }), "delivery")).toBe(
      digest,
    );
    expect(purposeDigest({ ...soundPolicy, version: "4" }, "delivery")).toBe(digest);
  });

  it("refuses a purpose the policy does not have", () => {
    expect(() => purposeDigest(soundPolicy, "other")).toThrow(RangeError);
    expect(() => purposeDigest(soundPolicy, "toString")).toThrow(RangeError);
  });

  const asked = (before: Policy, after: Policy, purpose: string): boolean =>
    diffPolicies(before, after).some(
      ({ effect, purposes: of }) => effect === "ask-again" && of.includes(purpose),
    );

  it("PIPL-14, REG-22: is the same for a purpose if and only if no change asks again for it, either way", () => {
    let [same, changed] = [0, 0];
    fc.assert(
      fc.property(anyPolicyPair, ([before, after]) => {
        for (const purpose of Object.keys(before.purposes)) {
          if (!Object.hasOwn(after.purposes, purpose)) continue;
          const equal = purposeDigest(before, purpose) === purposeDigest(after, purpose);
          expect(equal).toBe(!asked(before, after, purpose) && !asked(after, before, purpose));
          if (equal) same++;
          else changed++;
        }
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(same, changed)).toBeGreaterThan(100);
  });
});
