import { definePolicy, type Policy, type PurposeDefinition } from "./policy.ts";

const text = (en: string) => ({ "zh-CN": `中文${en}`, en });

/** A policy without any finding; tests change one thing of it. */
export const soundPolicy: Policy = definePolicy({
  id: "sound-shop",
  version: "3",
  languages: ["zh-CN", "en"],
  controller: {
    name: text("Sound Shop"),
    country: "CN",
    contact: { email: "privacy@shop.example" },
  },
  platforms: { weixin: { appId: "wx0" } },
  categories: {
    phone: { label: text("Phone"), source: "subject", weixinPrivacyKey: "PhoneNumber" },
    allergy: { label: text("Allergy"), source: "subject", sensitive: "health.allergy-fertility" },
  },
  recipients: {
    courier: {
      name: text("Courier"),
      country: "CN",
      role: "processor",
      contact: { phone: "400-1" },
    },
  },
  purposes: {
    delivery: {
      label: text("Delivery"),
      text: text("To deliver the order"),
      categories: ["phone"],
      basis: "consent",
      necessity: "necessary",
      recipients: ["courier"],
      retention: { days: 180, from: "order-closed", then: "erase" },
    },
    kitchen: {
      label: text("Kitchen"),
      text: text("To leave out allergens"),
      categories: ["allergy"],
      basis: "consent",
      consentKind: "separate",
      necessity: "optional",
      sensitiveNotice: {
        necessity: text("cannot be left out otherwise"),
        impact: text("may be treated differently"),
      },
      retention: { days: 30, from: "order-closed", then: "erase" },
    },
  },
});

/** The sound policy with one purpose changed. */
export function withPurpose(
  id: string,
  change: Partial<PurposeDefinition>,
  base: Policy = soundPolicy,
): Policy {
  return { ...base, purposes: { ...base.purposes, [id]: { ...base.purposes[id]!, ...change } } };
}
