import type { Language } from "../policy/policy.ts";
import type { AccessDenialReason } from "./access-decision.ts";

/** One sentence for people: why access was denied. */
export function accessDenialText(reason: AccessDenialReason, language: Language): string {
  return TEXTS[reason][language];
}

const TEXTS: { readonly [Reason in AccessDenialReason]: { readonly [L in Language]: string } } = {
  "purpose-unknown": {
    "zh-CN": "隐私政策中没有这一处理目的。",
    en: "The policy has no such purpose.",
  },
  "category-not-in-purpose": {
    "zh-CN": "这一处理目的不包括该类个人信息。",
    en: "The purpose does not cover this category of data.",
  },
  "recipient-not-listed": {
    "zh-CN": "这一处理目的没有列明该接收方。",
    en: "The purpose does not name this recipient.",
  },
  "facts-too-old": {
    "zh-CN": "所依据的情况可能已经变化，须重新查询。",
    en: "What is known may have changed and must be looked up again.",
  },
  "tenant-mismatch": {
    "zh-CN": "该数据属于另一租户。",
    en: "The data belongs to another tenant.",
  },
  "subject-mismatch": {
    "zh-CN": "该记录不属于这位个人。",
    en: "The row does not belong to this person.",
  },
  "subject-erased": {
    "zh-CN": "这位个人的信息已经删除。",
    en: "This person's data has been erased.",
  },
  "subject-restricted": {
    "zh-CN": "这位个人的信息目前只能存储，不得使用。",
    en: "This person's data may at present only be stored.",
  },
  "platform-order-in-force": {
    "zh-CN": "平台已要求停止使用该数据，该要求尚未解除。",
    en: "The platform has ordered that this data be used no more, and has not lifted the order.",
  },
  "consent-missing": {
    "zh-CN": "尚未就这一处理目的取得个人同意。",
    en: "The person has not consented to this purpose.",
  },
  "consent-refused": {
    "zh-CN": "个人已拒绝这一处理目的。",
    en: "The person has refused this purpose.",
  },
  "consent-withdrawn": {
    "zh-CN": "个人已撤回同意。",
    en: "The person has withdrawn the consent.",
  },
  "consent-expired": {
    "zh-CN": "同意的有效期已过。",
    en: "The consent is past its time.",
  },
  "consent-for-older-notice": {
    "zh-CN": "同意所依据的告知内容已经变更，须重新取得同意。",
    en: "What the consent was given to has changed since: it must be asked for again.",
  },
  "separate-consent-missing": {
    "zh-CN": "这一处理目的须取得单独同意或书面同意。",
    en: "This purpose needs a separate or written consent.",
  },
  "guardian-consent-missing": {
    "zh-CN": "须取得父母或者其他监护人的同意。",
    en: "The consent of a parent or guardian is needed.",
  },
  "platform-authorization-missing": {
    "zh-CN": "除个人同意外，还须有平台的书面指示或者书面同意，目前没有登记。",
    en: "Beside the person's consent the platform's written instruction or consent is needed, and none is on file.",
  },
  "transfer-abroad-not-authorized": {
    "zh-CN": "该数据向境外提供未获准许。",
    en: "Taking this data abroad has not been authorized.",
  },
  "retention-over": {
    "zh-CN": "该数据的保存期限已过。",
    en: "The data is past its retention period.",
  },
  "undertaking-missing": {
    "zh-CN": "该工作人员没有登记有效的保密承诺。",
    en: "No confidentiality undertaking of this member of staff is on file.",
  },
  "access-log-full": {
    "zh-CN": "访问日志暂时无法写入，无法记录的读取不予放行。",
    en: "The access log cannot be written at present: what cannot be logged is not read.",
  },
};
