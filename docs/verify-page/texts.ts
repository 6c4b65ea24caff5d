import type { ConsentStatus } from "@miniprivacy/core";
import type { Language } from "@miniprivacy/core/policy";
import type { Algorithm } from "./browser-algorithms.ts";
import type { InputName } from "./check-statement.ts";

/** The texts of the page in one language; those of checks and verdicts are core's. */
export interface Texts {
  readonly title: string;
  readonly intro: string;
  readonly otherLanguage: string;
  readonly save: string;
  readonly statement: string;
  readonly statementHint: string;
  readonly keys: string;
  readonly keysHint: string;
  readonly trust: string;
  readonly trustHint: string;
  readonly choose: string;
  readonly result: string;
  readonly waiting: { readonly [Name in InputName | "both"]: string };
  readonly unreadable: string;
  readonly form: { readonly [Name in InputName]: string };
  readonly file: { readonly [Why in "size" | "bytes" | "several"]: string };
  readonly uncheckable: string;
  readonly unsupported: { readonly [Missing in "cryptography" | Algorithm]: string };
  readonly unchecked: string;
  readonly uncheckedWhy: string;
  readonly proofUnchecked: string;
  readonly failedAt: string;
  readonly signingKey: string;
  readonly says: string;
  readonly checks: (held: number, all: number) => string;
  readonly held: string;
  readonly failed: string;
  readonly receipt: { readonly [Name in ReceiptLabel]: string };
  readonly status: { readonly [Status in ConsentStatus]: string };
  readonly keptFor: (days: number, from: string, then: "erase" | "anonymize") => string;
  readonly separator: string;
}

type ReceiptLabel =
  | "title"
  | "purpose"
  | "status"
  | "decidedAt"
  | "categories"
  | "recipients"
  | "nobody"
  | "retention"
  | "controller"
  | "issuedAt"
  | "policy"
  | "number";

export const TEXTS: { readonly [Name in Language]: Texts } = {
  "zh-CN": {
    title: "核验确认书或同意凭证",
    intro: "文件只在本页中检查，不会发送到任何地方；断网也能使用。",
    otherLanguage: "English",
    save: "把本页存成一个文件，断网使用",
    statement: "确认书或同意凭证",
    statementHint: "粘贴或拖入签名文件：紧凑 JWS，或 JSON { certificate, proof }。",
    keys: "出具方的公钥",
    keysHint: "粘贴或拖入您从出具方取得的 jwks.json。",
    trust: "可信的密钥指纹（可不填）",
    trustHint: "您从可靠渠道得知的指纹；填写后只信任这一把密钥。",
    choose: "选择文件",
    result: "结果",
    waiting: {
      both: "请提供确认书或同意凭证，以及出具方的公钥。",
      statement: "请再提供确认书或同意凭证。",
      keys: "请再提供出具方的公钥。",
    },
    unreadable: "无法读取",
    form: {
      statement: "“确认书或同意凭证”既不是紧凑 JWS，也不是 JSON { certificate, proof }。",
      keys: '“出具方的公钥”不是 JWK 集（{ "keys": [ … ] }）。',
    },
    file: {
      size: "文件太大，不是确认书、同意凭证或公钥，没有读取。",
      bytes: "文件不是文本，不是确认书、同意凭证或公钥。",
      several: "同一种文件有多个。请一次只放入一份确认书或同意凭证，以及一份公钥。",
    },
    uncheckable: "无法核验",
    unsupported: {
      cryptography:
        "此处没有浏览器的加密功能，没有检查签名。请把本页存到本机后打开，或经 HTTPS 打开。",
      ES256: "此浏览器不支持 ES256，没有检查签名。请换一个浏览器，或用 miniprivacy verify。",
      Ed25519: "此浏览器不支持 Ed25519，没有检查签名。请换一个浏览器，或用 miniprivacy verify。",
    },
    unchecked: "未全部检查",
    uncheckedWhy:
      "签名和内容通过了检查；日志证明没有检查，因为此浏览器不支持 Ed25519。请换一个浏览器，或用 miniprivacy verify。",
    proofUnchecked: "日志：文件带有日志证明，但此浏览器不支持 Ed25519，无法检查。",
    failedAt: "未通过的检查：",
    signingKey: "签名密钥的指纹：",
    says: "文件内容",
    checks: (held, all) =>
      held === all ? `逐项检查：${all} 项全部通过` : `逐项检查：第 ${all} 项未通过`,
    held: "通过",
    failed: "未通过",
    receipt: {
      title: "同意凭证",
      purpose: "目的",
      status: "决定",
      decidedAt: "决定时间",
      categories: "个人信息种类",
      recipients: "接收方",
      nobody: "不向任何其他方提供",
      retention: "保存期限",
      controller: "个人信息处理者",
      issuedAt: "出具时间",
      policy: "政策版本",
      number: "编号",
    },
    status: {
      unknown: "尚未询问",
      requested: "已询问",
      deferred: "稍后再问",
      given: "同意",
      renewed: "继续同意",
      refused: "不同意",
      withdrawn: "撤回同意",
      expired: "已过期",
      revoked: "已撤销",
      invalidated: "已失效，需重新同意",
      legacy: "此前已同意",
    },
    keptFor: (days, from, then) =>
      `自“${from}”起 ${days} 天，期满${then === "erase" ? "删除" : "匿名化"}`,
    separator: "、",
  },
  en: {
    title: "Check a confirmation or a receipt",
    intro: "Files are checked in this page and sent nowhere; it works offline.",
    otherLanguage: "中文",
    save: "Save this page as one file, for use offline",
    statement: "Confirmation or receipt",
    statementHint: "Paste or drop the signed file: a compact JWS, or JSON { certificate, proof }.",
    keys: "The issuer's public keys",
    keysHint: "Paste or drop the jwks.json you fetched from the issuer.",
    trust: "Trusted key thumbprint (optional)",
    trustHint: "A thumbprint you know from a source you trust; then only this key counts.",
    choose: "Choose a file",
    result: "Result",
    waiting: {
      both: "Bring a confirmation or receipt, and the issuer's public keys.",
      statement: "Now bring the confirmation or receipt.",
      keys: "Now bring the issuer's public keys.",
    },
    unreadable: "UNREADABLE",
    form: {
      statement:
        "“Confirmation or receipt” is neither a compact JWS nor JSON { certificate, proof }.",
      keys: '“The issuer\'s public keys” is no JWK set ({ "keys": [ … ] }).',
    },
    file: {
      size: "The file is too large to be a confirmation, a receipt or keys; it was not read.",
      bytes: "The file is no text, so it is no confirmation, no receipt and no keys.",
      several:
        "There are several files of one kind. Bring one confirmation or receipt and one set of keys at a time.",
    },
    uncheckable: "CANNOT BE CHECKED",
    unsupported: {
      cryptography:
        "The browser offers no cryptography here, so the signature was not checked. Save this page and open it from your disk, or open it over HTTPS.",
      ES256:
        "This browser does not know ES256, so the signature was not checked. Use another browser, or miniprivacy verify.",
      Ed25519:
        "This browser does not know Ed25519, so the signature was not checked. Use another browser, or miniprivacy verify.",
    },
    unchecked: "NOT ALL CHECKED",
    uncheckedWhy:
      "Signature and content hold; the log proof was not checked, because this browser does not know Ed25519. Use another browser, or miniprivacy verify.",
    proofUnchecked:
      "Log: a log proof is there, but this browser does not know Ed25519 and cannot check it.",
    failedAt: "The check that failed: ",
    signingKey: "Thumbprint of the signing key: ",
    says: "What it says",
    checks: (held, all) =>
      held === all ? `Every check: all ${all} passed` : `Every check: number ${all} failed`,
    held: "passed",
    failed: "failed",
    receipt: {
      title: "Consent receipt",
      purpose: "Purpose",
      status: "Decision",
      decidedAt: "Decided",
      categories: "Personal data",
      recipients: "Recipients",
      nobody: "nobody else",
      retention: "Kept for",
      controller: "Controller",
      issuedAt: "Issued",
      policy: "Policy version",
      number: "Number",
    },
    status: {
      unknown: "not asked yet",
      requested: "asked",
      deferred: "asked later",
      given: "agreed",
      renewed: "agreed again",
      refused: "refused",
      withdrawn: "withdrawn",
      expired: "expired",
      revoked: "revoked",
      invalidated: "no longer in force, to be asked again",
      legacy: "agreed before",
    },
    keptFor: (days, from, then) =>
      `${days} days from “${from}”, then ${then === "erase" ? "erased" : "anonymized"}`,
    separator: ", ",
  },
};
