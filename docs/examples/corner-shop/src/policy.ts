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
  platforms: { weixin: { appId: "wx0000000000000000" } },
  categories: {
    openid: { label: { "zh-CN": "微信用户标识", en: "Weixin user id" }, source: "platform" },
    phone: {
      label: { "zh-CN": "手机号", en: "Phone number" },
      source: "platform",
      weixinPrivacyKey: "PhoneNumber",
    },
    address: {
      label: { "zh-CN": "收货地址", en: "Delivery address" },
      source: "subject",
      weixinPrivacyKey: "Address",
    },
    allergy: {
      label: { "zh-CN": "过敏信息", en: "Allergies" },
      source: "subject",
      sensitive: "health.allergy-fertility",
    },
  },
  recipients: {
    courier: {
      name: { "zh-CN": "快跑同城配送", en: "Swift City Couriers" },
      country: "CN",
      role: "processor",
      contact: { phone: "400-000-0000" },
    },
  },
  purposes: {
    delivery: {
      label: { "zh-CN": "送货上门", en: "Home delivery" },
      text: {
        "zh-CN": "配送员用您的手机号和地址把订单送到您手上。",
        en: "The courier uses your phone number and address to bring you the order.",
      },
      categories: ["phone", "address"],
      basis: "consent",
      consentKind: "explicit",
      necessity: "necessary",
      recipients: ["courier"],
      retention: { days: 180, from: "order-closed", then: "erase" },
    },
    kitchen: {
      label: { "zh-CN": "避开过敏原", en: "Avoiding allergens" },
      text: {
        "zh-CN": "后厨按您填写的过敏信息备餐。",
        en: "The kitchen prepares your food with your allergies in mind.",
      },
      categories: ["allergy"],
      basis: "consent",
      consentKind: "separate",
      necessity: "optional",
      sensitiveNotice: {
        necessity: {
          "zh-CN": "不知道过敏原就无法避开它。",
          en: "What we do not know we cannot leave out.",
        },
        impact: {
          "zh-CN": "过敏信息属于健康信息，一旦泄露可能使您受到差别对待。",
          en: "Allergies are health data; if they leak, you might be treated differently.",
        },
      },
      retention: { days: 30, from: "order-closed", then: "erase" },
    },
    marketing: {
      label: { "zh-CN": "优惠短信", en: "Offers by text message" },
      text: { "zh-CN": "我们把优惠信息发到您的手机。", en: "We send offers to your phone." },
      categories: ["phone"],
      basis: "consent",
      consentKind: "separate",
      necessity: "optional",
      use: "marketing",
      retention: { days: 365, from: "consent-given", then: "erase" },
    },
    statistics: {
      label: { "zh-CN": "访问统计", en: "Visit statistics" },
      text: { "zh-CN": "我们统计有多少人再次光顾。", en: "We count how many people come back." },
      categories: ["openid"],
      basis: "consent",
      consentKind: "explicit",
      necessity: "optional",
      retention: { days: 90, from: "consent-given", then: "erase" },
    },
  },
});

/** A row of the shop's `orders` table. */
export const order = personalRecord(policy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  item: plain(z.string()),
  phone: personal("phone", z.string().check(z.regex(/^1[3-9]\d{9}$/))),
  address: personal("address", z.string().check(z.minLength(1), z.maxLength(200))),
  allergy: personal("allergy", z.nullable(z.string().check(z.maxLength(200)))),
  closedAt: anchor("order-closed", z.nullable(z.string())),
});

/** A text file the courier reads: where to ring, what to say. */
export const note = personalRecord(policy, "note", {
  name: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("address", z.string().check(z.maxLength(500))),
});
