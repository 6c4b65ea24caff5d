// Written by miniprivacy init for you, 2026-11-24. It is yours now. 由 miniprivacy init 生成，请按实际情况修改。
import { definePolicy, personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import * as z from "zod";

export const policy = definePolicy({
  id: "my-shop",
  version: "1", // raise it when a published text changes 文本发布后有改动就升版本
  languages: ["zh-CN", "en"],
  // Who decides about the data: your company. 个人信息处理者：贵公司
  controller: {
    name: { "zh-CN": "我的小店", en: "My Shop" },
    country: "CN",
    contact: { email: "privacy@shop.example" },
  },
  // platforms: { weixin: { appId: "wx…" } },
  categories: {
    phone: { label: { "zh-CN": "手机号", en: "Phone number" }, source: "subject" },
  },
  recipients: {},
  purposes: {
    delivery: {
      label: { "zh-CN": "送货上门", en: "Home delivery" },
      text: {
        "zh-CN": "配送员用手机号联系您。",
        en: "The courier calls you on this number.",
      },
      categories: ["phone"],
      basis: "consent",
      necessity: "necessary",
      retention: { days: 180, from: "consent-given", then: "erase" },
    },
  },
});

// Which field holds which kind of data. 哪个字段是哪类个人信息
export const deliveryNote = personalRecord(policy, "deliveryNote", {
  name: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("phone", z.string()),
});
