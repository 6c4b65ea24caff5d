import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Policy } from "../policy/policy.ts";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import { withdrawalEffect } from "./withdrawal-effect.ts";

/** `delivery` and `kitchen` both use the phone. */
const shared = withPurpose("kitchen", { categories: ["allergy", "phone"] });
const held: Policy = {
  ...shared,
  holds: {
    accounting: {
      law: { "zh-CN": "会计法", en: "Accounting Law" },
      categories: ["phone"],
      days: 3650,
      from: "order-closed",
    },
  },
};
const effect = (policy: Policy, live: readonly string[] = [], purpose = "delivery") =>
  withdrawalEffect(policy, purpose, new Set(live));

describe("withdrawalEffect", () => {
  it("WX-4.4.4d, PIPL-47: lets go of what only the withdrawn purpose used", () => {
    expect(effect(shared)).toEqual({ categories: ["phone"], kept: [] });
    expect(effect(shared, ["delivery"])).toEqual({ categories: ["phone"], kept: [] });
    expect(effect(shared, ["delivery"], "kitchen")).toEqual({
      categories: ["allergy"],
      kept: [{ category: "phone", by: "delivery" }],
    });
  });

  it("PIPL-47: keeps what another live purpose or a hold needs, and says for which", () => {
    expect(effect(shared, ["kitchen"])).toEqual({
      categories: [],
      kept: [{ category: "phone", by: "kitchen" }],
    });
    expect(effect(held, ["kitchen"])).toEqual({
      categories: [],
      kept: [
        { category: "phone", by: "kitchen" },
        { category: "phone", by: "accounting" },
      ],
    });
    expect(effect(held).kept).toEqual([{ category: "phone", by: "accounting" }]);
  });

  it("PIPL-47: a purpose that rests on no consent is live by itself", () => {
    const contract = withPurpose("kitchen", { basis: "contract" }, shared);
    expect(effect(contract).kept).toEqual([{ category: "phone", by: "kitchen" }]);
    expect(effect(contract, [], "kitchen").categories).toEqual([]);
  });

  it("WX-4.4.4d: each category of the purpose goes or stays, and no other", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(soundPolicy, shared, held),
        fc.constantFrom("delivery", "kitchen"),
        fc.subarray(["delivery", "kitchen", "gone"]),
        (policy, purpose, live) => {
          const { categories, kept } = effect(policy, live, purpose);
          const stay = new Set(kept.map(({ category }) => category));
          expect([...categories, ...stay].toSorted()).toEqual(
            policy.purposes[purpose]!.categories.toSorted(),
          );
        },
      ),
    );
  });

  it("refuses a purpose the policy does not have", () => {
    expect(() => effect(shared, [], "toString")).toThrow(RangeError);
  });
});
