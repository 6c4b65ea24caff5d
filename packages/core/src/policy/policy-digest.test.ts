import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientPolicy } from "./client-policy.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
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

describe("policyDigest", () => {
  it("is SHA-256 in hex, and does not depend on the order of members", () => {
    const digest = policyDigest(soundPolicy);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(
      policyDigest(reordered(soundPolicy, (keys) => keys.toReversed()) as typeof soundPolicy),
    ).toBe(digest);
  });

  it("changes with every text", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (en) => {
        const changed = withPurpose("delivery", {
          text: { "zh-CN": "中文To deliver the order", en },
        });
        expect(policyDigest(changed) === policyDigest(soundPolicy)).toBe(
          en === "To deliver the order",
        );
      }),
    );
  });
});

describe("purposeDigest", () => {
  const digest = purposeDigest(soundPolicy, "delivery");
  const { categories, recipients, controller } = soundPolicy;

  it("PIPL-14: changes with whatever the purpose promises", () => {
    const label = { "zh-CN": "新", en: "New" };
    const changes = [
      withPurpose("delivery", { text: label }),
      withPurpose("delivery", { retention: { days: 181, from: "order-closed", then: "erase" } }),
      { ...soundPolicy, categories: { ...categories, phone: { ...categories["phone"]!, label } } },
      { ...soundPolicy, recipients: { courier: { ...recipients["courier"]!, country: "SG" } } },
      { ...soundPolicy, controller: { ...controller, name: label } },
    ];
    for (const changed of changes) expect(purposeDigest(changed, "delivery")).not.toBe(digest);
  });

  it("does not change with another purpose, or a raised version", () => {
    expect(purposeDigest(withPurpose("kitchen", { necessity: "necessary" }), "delivery")).toBe(
      digest,
    );
    expect(purposeDigest({ ...soundPolicy, version: "4" }, "delivery")).toBe(digest);
  });

  it("refuses a purpose the policy does not have", () => {
    expect(() => purposeDigest(soundPolicy, "other")).toThrow(RangeError);
  });
});

describe("clientPolicy", () => {
  it("is bound to the policy and holds what a device decides by, no text but labels", () => {
    const client = clientPolicy(soundPolicy);
    expect(client.digest).toBe(policyDigest(soundPolicy));
    expect(client.purposes["kitchen"]).toEqual({
      label: { "zh-CN": "中文Kitchen", en: "Kitchen" },
      categories: ["allergy"],
      consentKind: "separate",
      necessity: "optional",
      use: "service",
      digest: purposeDigest(soundPolicy, "kitchen"),
    });
    expect(client.categories["phone"]).toEqual({
      source: "subject",
      weixinPrivacyKey: "PhoneNumber",
    });
    expect(JSON.stringify(client)).not.toContain("To deliver the order");
  });
});
