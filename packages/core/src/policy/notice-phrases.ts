import type { DataSource, Language, LegalBasis, ConsentKind, ProcessingMethod } from "./policy.ts";

/** The frame of a notice in one language. */
export interface NoticePhrases {
  readonly title: (controller: string) => string;
  readonly version: string;
  readonly who: string;
  readonly controller: string;
  readonly processor: string;
  readonly contact: string;
  readonly purpose: string;
  readonly categories: string;
  readonly sources: { readonly [Source in DataSource]: string };
  readonly sensitive: string;
  readonly necessityOfSensitive: string;
  readonly impact: string;
  readonly methods: string;
  readonly method: { readonly [Method in ProcessingMethod]: string };
  readonly recipients: string;
  readonly noRecipients: string;
  readonly role: { readonly processor: string; readonly controller: string };
  readonly retention: string;
  readonly keptFor: (days: number, from: string, then: "erase" | "anonymize") => string;
  readonly event: { readonly [event: string]: string };
  readonly need: string;
  readonly necessary: string;
  readonly optional: string;
  readonly basis: string;
  readonly consent: { readonly [Kind in ConsentKind]: string };
  readonly grounds: { readonly [Basis in Exclude<LegalBasis, "consent">]: string };
  readonly sdks: string;
  readonly holds: string;
  readonly holdFor: (law: string, categories: string, days: number) => string;
  readonly evidence: string;
  readonly evidenceFor: (days: number, basis: string) => string;
  readonly storage: string;
  readonly rights: string;
  readonly rightsText: readonly string[];
  readonly listSeparator: string;
  readonly colon: string;
  readonly brackets: (text: string) => string;
}

export const NOTICE_PHRASES: { readonly [L in Language]: NoticePhrases } = {
  "zh-CN": {
    title: (controller) => `${controller}个人信息处理告知`,
    version: "版本",
    who: "我们是谁",
    controller: "个人信息处理者",
    processor: "受托处理方",
    contact: "联系方式",
    purpose: "处理目的",
    categories: "个人信息种类",
    sources: { subject: "由您提供", platform: "由平台提供" },
    sensitive: "敏感个人信息",
    necessityOfSensitive: "为何必需",
    impact: "对您的影响",
    methods: "处理方式",
    method: {
      collect: "收集",
      store: "存储",
      use: "使用",
      transmit: "传输",
      provide: "提供",
      publish: "公开",
      erase: "删除",
    },
    recipients: "接收方",
    noRecipients: "不提供给任何其他方",
    role: { processor: "受托处理", controller: "独立处理者" },
    retention: "保存期限",
    keptFor: (days, from, then) =>
      `自${from}起 ${days} 天，到期${then === "erase" ? "删除" : "匿名化"}`,
    event: { "consent-given": "您同意之日", "order-closed": "订单完成之日" },
    need: "是否必需",
    necessary: "提供本项服务所必需；不同意只影响本项服务",
    optional: "非必需；不同意不影响其他任何服务",
    basis: "处理依据",
    consent: {
      explicit: "您的同意",
      separate: "您的单独同意",
      written: "您的书面同意",
      guardian: "监护人的同意",
    },
    grounds: {
      contract: "订立、履行合同所必需",
      "legal-duty": "履行法定义务所必需",
      entrusted: "受委托处理",
    },
    sdks: "第三方 SDK",
    holds: "法律要求的保存",
    holdFor: (law, categories, days) =>
      `依据${law}，${categories}须保存 ${days} 天，期间只存储并采取安全保护措施`,
    evidence: "同意记录的保存",
    evidenceFor: (days, basis) => `删除您的数据后，同意记录加密保存 ${days} 天，依据：${basis}`,
    storage: "存储地点",
    rights: "您的权利",
    rightsText: [
      "您可以在“我的数据”中查阅、复制、更正和删除您的个人信息，删除无需任何人审批。",
      "您可以随时撤回同意，撤回与给出同意一样方便；撤回之前的处理不受影响。",
      "您可以要求我们解释处理规则，也可以通过上述联系方式提出任何请求；对处理结果不满意的，可以向监管部门投诉或者向人民法院起诉。",
    ],
    listSeparator: "、",
    colon: "：",
    brackets: (text) => `（${text}）`,
  },
  en: {
    title: (controller) => `How ${controller} handles your personal data`,
    version: "Version",
    who: "Who we are",
    controller: "Controller",
    processor: "Processor acting for it",
    contact: "Contact",
    purpose: "Purpose",
    categories: "Personal data",
    sources: { subject: "from you", platform: "from the platform" },
    sensitive: "sensitive personal data",
    necessityOfSensitive: "Why it is needed",
    impact: "What it may mean for you",
    methods: "What is done",
    method: {
      collect: "collected",
      store: "stored",
      use: "used",
      transmit: "transmitted",
      provide: "provided to others",
      publish: "published",
      erase: "erased",
    },
    recipients: "Recipients",
    noRecipients: "nobody else",
    role: { processor: "processor", controller: "independent controller" },
    retention: "Kept for",
    keptFor: (days, from, then) =>
      `${days} days from ${from}, then ${then === "erase" ? "erased" : "anonymized"}`,
    event: { "consent-given": "your consent", "order-closed": "the completion of the order" },
    need: "Needed",
    necessary: "needed for this service; a no affects this service only",
    optional: "optional; a no affects no other service",
    basis: "Basis",
    consent: {
      explicit: "your consent",
      separate: "your separate consent",
      written: "your written consent",
      guardian: "a guardian's consent",
    },
    grounds: {
      contract: "the contract with you",
      "legal-duty": "a duty by law",
      entrusted: "a client's instruction",
    },
    sdks: "Third-party SDKs",
    holds: "Kept because the law says so",
    holdFor: (law, categories, days) =>
      `${categories} must be kept for ${days} days under ${law}; only stored and secured`,
    evidence: "Proof of consent",
    evidenceFor: (days, basis) =>
      `after your data is erased, consent records stay encrypted for ${days} days: ${basis}`,
    storage: "Stored in",
    rights: "Your rights",
    rightsText: [
      "Under “My data” you can see, copy, correct and erase your personal data; erasing needs nobody’s approval.",
      "You can withdraw a consent at any time, as easily as you gave it; what was done before stays lawful.",
      "You can ask us to explain these rules and reach us as above; if our answer does not satisfy you, you can turn to the authority or the courts.",
    ],
    listSeparator: ", ",
    colon: ": ",
    brackets: (text) => ` (${text})`,
  },
};
