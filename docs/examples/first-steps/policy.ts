import {
  anchor,
  definePolicy,
  personal,
  personalRecord,
  plain,
  subject,
} from "@miniprivacy/core/policy";
import * as z from "zod/mini";

export const policy = definePolicy({
  id: "corner-shop",
  version: "1",
  languages: ["zh-CN", "en"],
  controller: {
    name: { "zh-CN": "街角小店", en: "Corner Shop" },
    country: "CN",
    contact: { email: "privacy@shop.example" },
  },
  categories: {
    phone: { label: { "zh-CN": "手机号", en: "Phone number" }, source: "subject" },
  },
  recipients: {},
  purposes: {
    delivery: {
      label: { "zh-CN": "送货上门", en: "Home delivery" },
      text: { "zh-CN": "配送员用手机号联系您。", en: "The courier calls you on this number." },
      categories: ["phone"],
      basis: "consent",
      necessity: "necessary",
      retention: { days: 180, from: "order-closed", then: "erase" },
    },
  },
});

export const order = personalRecord(policy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  phone: personal("phone", z.string()),
  closedAt: anchor("order-closed", z.nullable(z.string())),
});
