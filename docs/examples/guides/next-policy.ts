import type { Policy } from "@miniprivacy/core/policy";
import { policy } from "./policy.ts";

/** Version 2 of the demo's policy: e-mail for offers, and a second courier. */
export const nextPolicy: Policy = {
  ...policy,
  version: "2",
  categories: {
    ...policy.categories,
    email: { label: { "zh-CN": "电子邮箱", en: "E-mail" }, source: "subject" },
  },
  recipients: {
    ...policy.recipients,
    nightCourier: {
      name: { "zh-CN": "夜猫配送", en: "Night Couriers" },
      country: "CN",
      role: "processor",
      contact: { phone: "400-111-1111" },
    },
  },
  purposes: {
    ...policy.purposes,
    delivery: { ...policy.purposes.delivery, recipients: ["courier", "nightCourier"] },
    marketing: { ...policy.purposes.marketing, categories: ["phone", "email"] },
  },
};
