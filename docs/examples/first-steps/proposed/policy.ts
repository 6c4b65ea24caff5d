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
  // Guessed from the names of columns. 根据列名猜测
  categories: {
    nickname: {
      label: { "zh-CN": "昵称", en: "Nickname" },
      source: "subject",
    },
    phone: {
      label: { "zh-CN": "手机号", en: "Phone number" },
      source: "subject",
    },
    address: {
      label: { "zh-CN": "地址", en: "Address" },
      source: "subject",
    },
    healthAllergyFertility: {
      label: { "zh-CN": "过敏、生育等信息", en: "Allergy, fertility, pregnancy" },
      source: "subject",
      sensitive: "health.allergy-fertility",
    },
    name: {
      label: { "zh-CN": "姓名", en: "Name" },
      source: "subject",
    },
  },
  recipients: {},
  // Say what you use it for, a purpose each; the texts are shown to people. 请逐项写明目的，文本会展示给用户
  purposes: {
    service: {
      label: { "zh-CN": "提供服务", en: "Our service" },
      text: { "zh-CN": "我们用这些信息为您提供服务。", en: "We serve you with it." },
      categories: ["nickname", "phone", "address", "name"],
      basis: "consent",
      necessity: "necessary",
      retention: { days: 180, from: "consent-given", then: "erase" },
    },
    sensitiveService: {
      label: { "zh-CN": "需要敏感信息的服务", en: "Services that need sensitive data" },
      text: { "zh-CN": "我们用这些信息为您提供服务。", en: "We serve you with it." },
      categories: ["healthAllergyFertility"],
      basis: "consent",
      consentKind: "separate",
      necessity: "optional",
      sensitiveNotice: {
        necessity: { "zh-CN": "没有它就无法提供这项服务。", en: "The service cannot do without." },
        impact: { "zh-CN": "泄露可能对您造成伤害。", en: "If it leaks, it may do you harm." },
      },
      retention: { days: 180, from: "consent-given", then: "erase" },
    },
  },
});

// Which column holds which kind of data; t_member.openid is your id of a person. 哪一列是哪类个人信息
export const records = [
  personalRecord(policy, "t_member", {
    id: plain(z.unknown()),
    openid: subject(z.string()),
    nick_name: personal("nickname", z.nullable(z.string())),
    mobile: personal("phone", z.nullable(z.string())),
  }),
  personalRecord(policy, "t_order", {
    id: plain(z.string()),
    member_id: subject(z.string()),
    rcv_mobile: personal("phone", z.string()),
    rcv_addr: personal("address", z.string()),
    allergy: personal("healthAllergyFertility", z.nullable(z.string())),
  }),
  personalRecord(policy, "t_parcel", {
    id: plain(z.unknown()),
    order_id: subject(z.string()),
    receiver_name: personal("name", z.string()),
  }),
] as const;
