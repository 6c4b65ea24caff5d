import {
  anchor,
  definePolicy,
  group,
  list,
  personal,
  personalRecord,
  plain,
  subject,
} from "@miniprivacy/core/policy";
import * as z from "zod/mini";

const text = (zh: string, en: string) => ({ "zh-CN": zh, en });

export const policy = definePolicy({
  id: "corner-shop",
  version: "7",
  languages: ["zh-CN", "en"],
  controller: { name: text("店", "Shop"), country: "CN", contact: { email: "a@shop.example" } },
  categories: {
    phone: { label: text("手机号", "Phone"), source: "platform", weixinPrivacyKey: "PhoneNumber" },
    address: { label: text("地址", "Address"), source: "subject" },
    allergy: {
      label: text("过敏", "Allergy"),
      source: "subject",
      sensitive: "health.allergy-fertility",
    },
  },
  recipients: {
    courier: {
      name: text("快递", "Courier"),
      country: "CN",
      role: "processor",
      contact: { phone: "1" },
    },
  },
  purposes: {
    delivery: {
      label: text("配送", "Delivery"),
      text: text("送货", "Deliver"),
      categories: ["phone", "address"],
      basis: "consent",
      necessity: "necessary",
      recipients: ["courier"],
    },
    marketing: {
      label: text("营销", "Marketing"),
      text: text("推广", "Offers"),
      categories: ["phone"],
      basis: "consent",
      consentKind: "separate",
      necessity: "optional",
      use: "marketing",
    },
    kitchen: {
      label: text("备餐", "Kitchen"),
      text: text("忌口", "Allergens"),
      categories: ["allergy"],
      basis: "consent",
      consentKind: "separate",
      necessity: "optional",
    },
  },
});

const address = z.object({ city: z.string(), street: z.string() });
export const order = personalRecord(policy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  phone: personal("phone", z.string()),
  address: personal("address", address),
  allergy: personal("allergy", z.array(z.string())),
  receiver: group({
    name: personal("address", z.string()),
    mobile: personal("phone", z.string()),
    diet: group({ note: personal("allergy", z.string()) }),
  }),
  items: list({ sku: plain(z.string()), note: personal("allergy", z.optional(z.string())) }),
  total: plain(z.number()),
  closedAt: anchor("order-closed", z.nullable(z.string())),
});
