/** What `init` writes: the text of each file by its name. */
export interface StarterOptions {
  /** Who has it written. */
  readonly actor: string;
  /** RFC 3339 moment it is written at. */
  readonly writtenAt: string;
  /** Until when reads are only observed, RFC 3339 (enforced at once). */
  readonly observeUntil?: string;
}

/** Who publishes the policy, before what it says. */
export const POLICY_HEAD = `export const policy = definePolicy({
  id: "my-shop",
  version: "1", // raise it when a published text changes 文本发布后有改动就升版本
  languages: ["zh-CN", "en"],
  // Who decides about the data: your company. 个人信息处理者：贵公司
  controller: {
    name: { "zh-CN": "我的小店", en: "My Shop" },
    country: "CN",
    contact: { email: "privacy@shop.example" },
  },
  // platforms: { weixin: { appId: "wx…" } },`;

/** A legal policy and a config that can be served, for a shop that delivers. */
export function starterFiles(options: StarterOptions): { readonly [name: string]: string } {
  return { "policy.ts": policyFile(options), "privacy.config.ts": configFile(options) };
}

/** The first line of what `init` writes. */
export function fileHeader({ actor, writtenAt }: StarterOptions): string {
  return `// Written by miniprivacy init for ${actor}, ${writtenAt.slice(0, 10)}. It is yours now. 由 miniprivacy init 生成，请按实际情况修改。`;
}

function policyFile(options: StarterOptions): string {
  return `${fileHeader(options)}
import { definePolicy, personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import * as z from "zod";

${POLICY_HEAD}
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
`;
}

function configFile(options: StarterOptions): string {
  return `${fileHeader(options)}
import { definePrivacyConfig, filesConnector } from "@miniprivacy/node";
import { deliveryNote, policy } from "./policy.js";

export default definePrivacyConfig({
  policy,
  records: [deliveryNote],
  // Where the data lies; postgresConnector does tables. 数据存放处
  connectors: {
    notes: filesConnector({
      root: "delivery-notes",
      record: "deliveryNote",
      path: "{subjectId}/*",
      fields: { name: "name", content: "text" },
    }),
  },
${configTail(options)}`;
}

/** How reads are decided and who is signed in, at the end of a config. */
export function configTail({ observeUntil }: StarterOptions): string {
  const access =
    observeUntil === undefined
      ? `  // Reads without a consent are denied. 没有同意就不能读取
  access: "enforce",`
      : `  // Until then what would be denied is only logged. 此日期之前只记录，不拦截
  access: { observe: { until: "${observeUntil}" } },`;
  return `${access}
  // Who is signed in, from your session; null is nobody. 从会话得知谁已登录
  authenticate: (_request) => null,
});
`;
}
