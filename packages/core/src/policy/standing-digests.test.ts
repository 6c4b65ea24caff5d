import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asksAgain } from "./diff-policies.ts";
import { anyPolicyPair } from "./policy-pair.fixture.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { Policy } from "./policy.ts";
import { purposeDigest } from "./policy-digest.ts";
import { standingDigests } from "./standing-digests.ts";

const kept = (days: number): Policy =>
  withPurpose("delivery", { retention: { days, from: "order-closed", then: "erase" } });
const digest = (policy: Policy): string => purposeDigest(policy, "delivery");

describe("standingDigests", () => {
  it("REG-22: lets a consent to a longer time of keeping stand, and none to a shorter one", () => {
    const versions = [kept(30), kept(90), kept(365), kept(90)];
    expect(standingDigests(kept(90), "delivery", versions)).toEqual([
      digest(kept(90)),
      digest(kept(365)),
    ]);
  });

  it("passes over versions without the purpose, and refuses a policy without it", () => {
    const { kitchen } = soundPolicy.purposes;
    const before: Policy = { ...soundPolicy, purposes: { kitchen: kitchen! } };
    expect(standingDigests(soundPolicy, "delivery", [before])).toEqual([digest(soundPolicy)]);
    expect(() => standingDigests(before, "delivery", [soundPolicy])).toThrow(RangeError);
  });

  it("PIPL-14: stands among the digests a purpose accepts if and only if nothing asks again since", () => {
    let narrowed = 0;
    fc.assert(
      fc.property(anyPolicyPair, ([before, after]) => {
        for (const purpose of Object.keys(before.purposes)) {
          if (!Object.hasOwn(after.purposes, purpose)) continue;
          const digest = purposeDigest(before, purpose);
          const stands = standingDigests(after, purpose, [before]).includes(digest);
          expect(stands).toBe(!asksAgain(before, after, purpose));
          if (stands && digest !== purposeDigest(after, purpose)) narrowed++;
        }
      }),
      { numRuns: 1000 },
    );
    expect(narrowed).toBeGreaterThan(10);
  });
});
