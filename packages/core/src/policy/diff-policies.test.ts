import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { courier, kept, told, withPhone, withRecipient } from "./diff-case.fixture.ts";
import { diffPolicies } from "./diff-policies.ts";
import { anyPolicyPair } from "./policy-pair.fixture.ts";
import { soundPolicy } from "./policy.fixture.ts";
import type { Policy } from "./policy.ts";
import { policyDigest } from "./policy-digest.ts";

const UNTOLD: readonly [title: string, after: Policy, kind: string, path: string][] = [
  ["another platform", { ...soundPolicy, platforms: {} }, "changed", "platforms"],
  [
    "a key of the privacy guide",
    withPhone({ weixinPrivacyKey: "custom:Phone" }),
    "changed",
    "categories.phone",
  ],
  [
    "a position said to be exact, as it was taken before",
    withPhone({ precision: "exact" }),
    "changed",
    "categories.phone",
  ],
  [
    "a recipient that no purpose names",
    { ...soundPolicy, recipients: { courier, other: courier } },
    "added",
    "recipients.other",
  ],
  [
    "the place of storage said, which it was before",
    { ...soundPolicy, storageLocations: ["CN"] },
    "added",
    "storageLocations",
  ],
];

describe("diffPolicies", () => {
  it.each(UNTOLD)("asks and tells nothing for %s", (_title, after, kind, path) => {
    expect(diffPolicies(soundPolicy, after)).toEqual([
      { kind, path, purposes: [], effect: "none", obligations: [] },
    ]);
  });

  it("asks and tells nothing for a new translation", () => {
    const translated = JSON.stringify(soundPolicy).replaceAll(/,"en":"[^"]*"/g, "");
    const chinese = { ...(JSON.parse(translated) as Policy), languages: ["zh-CN"] } as const;
    const changes = diffPolicies(chinese, soundPolicy);
    expect(changes.map(({ path }) => path)).toContain("purposes.delivery");
    expect(changes.filter(({ effect }) => effect !== "none")).toEqual([]);
  });

  it("lists what is told once, and not again as a change of the whole", () => {
    const { controller } = soundPolicy;
    const moved = { ...soundPolicy, controller: { ...controller, contact: { phone: "400-2" } } };
    for (const after of [kept(181), moved, withRecipient({})])
      expect(diffPolicies(soundPolicy, after)).toHaveLength(1);
  });

  it("asks again when another language leads, in whose words nobody has consented", () => {
    const turned: Policy = { ...soundPolicy, languages: ["en", "zh-CN"] };
    expect(told(soundPolicy, turned).map(({ path, effect }) => [path, effect])).toContainEqual([
      "purposes.delivery.text",
      "ask-again",
    ]);
  });

  it("takes the two directions apart: what was given more asks again, what was given less does not", () => {
    const longer = kept(365);
    expect(told(soundPolicy, longer)[0]!.effect).toBe("ask-again");
    expect(told(longer, soundPolicy)[0]!.effect).toBe("inform");
  });

  it("finds something exactly when the policies differ in more than their version", () => {
    fc.assert(
      fc.property(anyPolicyPair, ([before, after]) => {
        const same = policyDigest({ ...after, version: before.version }) === policyDigest(before);
        expect(diffPolicies(before, after).length === 0).toBe(same);
      }),
    );
  });
});
