import { diffPolicies, type PolicyChange } from "./diff-policies.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { Policy, RecipientDefinition } from "./policy.ts";

const { categories, recipients, purposes } = soundPolicy;
export const courier = recipients["courier"]!;
const phone = categories["phone"]!;
export const delivery = purposes["delivery"]!;
export const text = { "zh-CN": "新", en: "New" };
export const english = (words: { readonly "zh-CN"?: string }) => ({ ...words, en: "Mended" });

export const withCourier = (change: Partial<RecipientDefinition>): Policy => ({
  ...soundPolicy,
  recipients: { courier: { ...courier, ...change } },
});
export const withRecipient = (change: Partial<RecipientDefinition>): Policy =>
  withPurpose(
    "delivery",
    { recipients: ["courier", "partner"] },
    { ...soundPolicy, recipients: { courier, partner: { ...courier, ...change } } },
  );
export const withPhone = (change: object): Policy => ({
  ...soundPolicy,
  categories: { ...categories, phone: { ...phone, ...change } },
});
export const withSdk = (
  recipient?: string,
  partner: Partial<RecipientDefinition> = {},
): Policy => ({
  ...soundPolicy,
  recipients: { courier, partner: { ...courier, ...partner } },
  sdks: {
    maps: {
      name: text,
      categories: ["phone"],
      purpose: "delivery",
      ...(recipient && { recipient }),
    },
  },
});
export const kept = (days: number, change: object = {}): Policy =>
  withPurpose("delivery", {
    retention: { days, from: "order-closed", then: "erase", ...change },
  });
export const withoutPurpose = (id: string): Policy => {
  const { [id]: _gone, ...rest } = purposes;
  return { ...soundPolicy, purposes: rest };
};

/** What is said of subjects: changes without an effect are left out. */
export const told = (before: Policy, after: Policy): readonly PolicyChange[] =>
  diffPolicies(before, after).filter(({ effect }) => effect !== "none");

/** One change of a policy (of the sound policy, touching delivery). */
export interface DiffCase {
  readonly title: string;
  readonly after: Policy;
  readonly before?: Policy;
  readonly kind: PolicyChange["kind"];
  readonly path: string;
  readonly obligations: readonly string[];
  readonly purposes?: readonly string[];
}
