import type { DataSource, Language, LegalBasis, ConsentKind, ProcessingMethod } from "./policy.ts";

/** The frame of a notice in one language. */
export interface NoticePhrases {
  readonly title: (controller: string) => string;
  /** A section's heading where nothing but text can set it off. */
  readonly heading: (text: string) => string;
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
  readonly sdk: string;
  readonly sdks: string;
  readonly sdkTakes: (sdk: string, categories: string, purpose: string) => string;
  readonly holds: string;
  readonly holdFor: (law: string, categories: string, days: number, from: string) => string;
  readonly evidence: string;
  readonly evidenceFor: (days: number, basis: string) => string;
  readonly storage: string;
  /** By ISO 3166-1 alpha-2; a country that is not here is shown by its code. */
  readonly country: { readonly [code: string]: string };
  readonly rights: string;
  readonly rightsText: readonly string[];
  readonly rightsAbroad: string;
  readonly listSeparator: string;
  readonly clauseSeparator: string;
  readonly colon: string;
  readonly brackets: (text: string) => string;
}

export const NOTICE_PHRASES: { readonly [L in Language]: NoticePhrases } = {
  "zh-CN": {
    title: (controller) => `${controller}个人信息处理告知书`,
    heading: (text) => `【${text}】`,
    version: "版本",
    who: "我们是谁",
    controller: "个人信息处理者",
    processor: "受托人",
    contact: "联系方式",
    purpose: "处理目的",
    categories: "个人信息种类",
    sources: { subject: "由您提供", platform: "由平台提供" },
    sensitive: "敏感个人信息",
    necessityOfSensitive: "处理的必要性",
    impact: "对您个人权益的影响",
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
    noRecipients: "不向任何其他方提供",
    role: { processor: "受托人", controller: "独立的个人信息处理者" },
    retention: "保存期限",
    keptFor: (days, from, then) =>
      `自${from}起 ${days} 天，期满${then === "erase" ? "删除" : "匿名化处理"}`,
    event: { "consent-given": "您同意之日", "order-closed": "订单完成之日" },
    need: "是否必需",
    necessary: "提供本项服务所必需；如不同意，仅影响本项服务",
    optional: "非必需；如不同意，不影响您使用任何其他服务",
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
    sdk: "第三方 SDK",
    sdks: "第三方 SDK",
    sdkTakes: (sdk, categories, purpose) => `${sdk}：收集${categories}，用于${purpose}。`,
    holds: "依法须保存的信息",
    holdFor: (law, categories, days, from) =>
      `依据${law}，${categories}须自${from}起保存 ${days} 天；处理目的实现后，我们在此期间只存储并采取必要的安全保护措施，不作其他处理。`,
    evidence: "同意记录的保存",
    evidenceFor: (days, basis) =>
      `删除您的个人信息后，您的同意记录加密保存 ${days} 天，期满删除。依据：${basis}`,
    storage: "存储地点",
    country: {
      CN: "中国",
      HK: "中国香港",
      MO: "中国澳门",
      TW: "中国台湾",
      SG: "新加坡",
      JP: "日本",
      KR: "韩国",
      US: "美国",
      DE: "德国",
      IE: "爱尔兰",
    },
    rights: "您的权利",
    rightsText: [
      "您可以在“我的数据”中查阅、复制、更正、补充和删除您的个人信息；删除无需任何人审批。",
      "您可以通过上述联系方式要求转移您的个人信息、限制或者拒绝处理、注销账号，或者要求我们解释处理规则。",
      "您可以随时在“我的数据”中撤回同意，撤回与同意一样方便；撤回不影响此前基于您的同意已进行的处理的效力。",
      "您对我们的答复不满意的，可以向履行个人信息保护职责的部门投诉、举报，也可以依法向人民法院提起诉讼。",
    ],
    rightsAbroad: "您可以通过接收方的联系方式向境外接收方行使上述权利，也可以通过我们提出。",
    listSeparator: "、",
    clauseSeparator: "；",
    colon: "：",
    brackets: (text) => `（${text}）`,
  },
  en: {
    title: (controller) => `How ${controller} handles your personal data`,
    heading: (text) => text,
    version: "Version",
    who: "Who we are",
    controller: "Controller",
    processor: "Processor acting on its behalf",
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
    noRecipients: "none",
    role: { processor: "processor", controller: "independent controller" },
    retention: "Kept for",
    keptFor: (days, from, then) =>
      `${inDays(days)} from ${from}, then ${then === "erase" ? "erased" : "anonymized"}`,
    event: { "consent-given": "your consent", "order-closed": "the completion of the order" },
    need: "Required",
    necessary: "yes, for this service; if you refuse, only this service is affected",
    optional: "no; if you refuse, no other service is affected",
    basis: "Legal basis",
    consent: {
      explicit: "your consent",
      separate: "your separate consent",
      written: "your written consent",
      guardian: "a guardian's consent",
    },
    grounds: {
      contract: "necessary for a contract with you",
      "legal-duty": "necessary for a duty by law",
      entrusted: "the instruction of the controller we act for",
    },
    sdk: "third-party SDK",
    sdks: "Third-party SDKs",
    sdkTakes: (sdk, categories, purpose) => `${sdk} takes ${categories} for: ${purpose}.`,
    holds: "Kept because the law requires it",
    holdFor: (law, categories, days, from) =>
      `Under ${law} we must keep the following for ${inDays(days)} from ${from}: ${categories}. Once its purpose is met, it is only stored and secured.`,
    evidence: "Proof of consent",
    evidenceFor: (days, basis) =>
      `After your personal data is erased, your consent records are kept encrypted for ${inDays(days)}, then erased. Ground: ${basis}`,
    storage: "Stored in",
    country: {
      CN: "China",
      HK: "Hong Kong, China",
      MO: "Macao, China",
      TW: "Taiwan, China",
      SG: "Singapore",
      JP: "Japan",
      KR: "South Korea",
      US: "United States",
      DE: "Germany",
      IE: "Ireland",
    },
    rights: "Your rights",
    rightsText: [
      "Under “My data” you can see, copy, correct, complete and erase your personal data; erasing needs nobody’s approval.",
      "Through the contacts above you can ask us to transfer your personal data, to restrict or stop its processing, to close your account, or to explain these rules.",
      "Under “My data” you can withdraw a consent at any time, as easily as you gave it; what was done on it before stays lawful.",
      "If our answer does not satisfy you, you can complain to the data protection authority or go to court.",
    ],
    rightsAbroad:
      "Towards a recipient abroad you can exercise these rights through the recipient’s contact, or through us.",
    listSeparator: ", ",
    clauseSeparator: "; ",
    colon: ": ",
    brackets: (text) => ` (${text})`,
  },
};

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
