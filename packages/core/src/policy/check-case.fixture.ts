import { soundPolicy } from "./policy.fixture.ts";
import type { Policy, PurposeDefinition, SdkDefinition } from "./policy.ts";
import type { PolicyFinding } from "./policy-finding.ts";

/** A policy with one fault. */
export interface CheckCase {
  readonly title: string;
  readonly policy: Policy;
  readonly finding: PolicyFinding;
  /** The same policy with the fault mended (the sound policy). */
  readonly mended?: Policy;
}
export const error = { severity: "error" } as const;
export const warning = { severity: "warning" } as const;

const marketing: PurposeDefinition = {
  label: { "zh-CN": "营销", en: "Marketing" },
  text: { "zh-CN": "发优惠", en: "To send offers" },
  categories: ["phone"],
  basis: "consent",
  consentKind: "separate",
  necessity: "optional",
  use: "marketing",
  retention: { days: 30, from: "consent-given", then: "erase" },
};

export const withMarketing = (change: Partial<PurposeDefinition> = {}): Policy => ({
  ...soundPolicy,
  purposes: { ...soundPolicy.purposes, marketing: { ...marketing, ...change } },
});

export const withPhone = (change: object, base: Policy = soundPolicy): Policy => ({
  ...base,
  categories: { ...base.categories, phone: { ...base.categories["phone"]!, ...change } },
});

export const withCourier = (change: object, base: Policy = soundPolicy): Policy => ({
  ...base,
  recipients: { courier: { ...base.recipients["courier"]!, ...change } },
});

/** With an SDK that the courier runs. */
export const withSdk = (
  change: Partial<SdkDefinition> = {},
  base: Policy = soundPolicy,
): Policy => ({
  ...base,
  sdks: {
    maps: {
      name: { "zh-CN": "地图", en: "Maps" },
      categories: ["phone"],
      purpose: "delivery",
      recipient: "courier",
      ...change,
    },
  },
});

/** Where nothing is sensitive. */
export const noAllergy: Policy = {
  ...soundPolicy,
  categories: { phone: soundPolicy.categories["phone"]! },
  purposes: { delivery: soundPolicy.purposes["delivery"]! },
};

export const without = <Value extends object>(value: Value, name: keyof Value): Value => {
  const { [name]: _gone, ...rest } = value;
  return rest as Value;
};

export const abroadController = (country: string): Policy => ({
  ...soundPolicy,
  controller: { ...soundPolicy.controller, country },
});
