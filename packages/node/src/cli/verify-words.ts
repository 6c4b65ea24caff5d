import type { CheckName, DeletionClaim } from "@miniprivacy/core/certificate";
import type { Language } from "@miniprivacy/core/policy";

/** What `miniprivacy verify` says in one language. A check's sentence is what holds when the check does. */
export interface VerifyWords {
  readonly verdict: { readonly valid: string; readonly invalid: string };
  readonly checks: { readonly [Name in CheckName]: string };
  readonly trust: { readonly pinned: string; readonly caller: string };
  readonly proofUnchecked: string;
  readonly claim: { readonly [Claim in DeletionClaim]: string };
  readonly labels: {
    readonly [
      Name in "issuer" | "issuedAt" | "certificate" | "claim" | "completesAt" | "receipt"
    ]: string;
  };
}

export const VERIFY_WORDS: { readonly [Name in Language]: VerifyWords } = {
  "zh-CN": {
    verdict: { valid: "有效", invalid: "无效" },
    checks: {
      size: "长度未超过上限",
      "three-parts": "由三段组成",
      base64url: "每段都是规范的 base64url",
      "header-json": "头部是成员不重复的 JSON",
      "no-critical-extension": "头部没有 crit 或 b64",
      "no-embedded-key": "头部没有自带密钥",
      "header-members": "头部只有 alg、kid、typ",
      "header-canonical": "头部是规范的 JSON",
      algorithm: "算法是 ES256 或 EdDSA",
      type: "文件类型是我们签发的类型",
      "type-expected": "文件类型是本版本认识且所期待的",
      "key-known": "所给密钥中有签名密钥",
      "key-unique": "该密钥编号只出现一次",
      "key-public": "所给密钥不含私钥部分",
      "key-form": "密钥与算法相符",
      "key-thumbprint": "密钥编号就是密钥的指纹",
      "key-pinned": "密钥就是指定信任的密钥",
      "low-s": "签名采用唯一的低 S 形式",
      signature: "签名成立",
      "payload-json": "内容是成员不重复的 JSON",
      "payload-canonical": "内容是规范的 JSON",
      form: "内容齐全，没有未知成员",
      "issuer-key": "内容所写的密钥就是签名密钥",
      claim: "结论与逐项结果相符",
      residuals: "存留清单与逐项结果相符",
      "issued-at": "出具时间不在未来",
    },
    trust: {
      pinned: "信任：按指定的密钥指纹（--trust）检查。",
      caller: "信任：密钥由您提供，没有指定指纹；请用 --trust 指定可信的密钥指纹。",
    },
    proofUnchecked: "文件带有日志证明；本命令尚不检查它。",
    claim: {
      deleted: "已删除",
      unreadable: "已不可读（密钥已销毁，密文仍在）",
      anonymized: "已匿名化",
      partial: "尚未完成，这不是删除确认书",
    },
    labels: {
      issuer: "出具方",
      issuedAt: "出具时间",
      certificate: "编号",
      claim: "结论",
      completesAt: "预计完成时间",
      receipt: "同意记录",
    },
  },
  en: {
    verdict: { valid: "VALID", invalid: "NOT VALID" },
    checks: {
      size: "no longer than the limit",
      "three-parts": "made of three parts",
      base64url: "every part is canonical base64url",
      "header-json": "the header is JSON without repeated members",
      "no-critical-extension": "the header has neither crit nor b64",
      "no-embedded-key": "the header brings no key of its own",
      "header-members": "the header has alg, kid and typ, nothing else",
      "header-canonical": "the header is canonical JSON",
      algorithm: "the algorithm is ES256 or EdDSA",
      type: "the type is one we sign",
      "type-expected": "the type is known to this version, and the one expected",
      "key-known": "the keys given hold the signing key",
      "key-unique": "its key id appears once",
      "key-public": "the key has no private part",
      "key-form": "the key fits the algorithm",
      "key-thumbprint": "the key id is the thumbprint of the key",
      "key-pinned": "the key is the one you trust",
      "low-s": "the signature has the one form with low S",
      signature: "the signature holds",
      "payload-json": "the content is JSON without repeated members",
      "payload-canonical": "the content is canonical JSON",
      form: "the content is complete and has no unknown member",
      "issuer-key": "the key named in the content is the signing key",
      claim: "the claim follows from the outcomes",
      residuals: "the list of what is still kept follows from the outcomes",
      "issued-at": "the time of issue is not in the future",
    },
    trust: {
      pinned: "Trust: checked against the thumbprint you pinned (--trust).",
      caller:
        "Trust: yours. You brought the keys and pinned none; pin one with --trust THUMBPRINT.",
    },
    proofUnchecked: "The file carries a log proof; this command does not check it yet.",
    claim: {
      deleted: "deleted",
      unreadable: "unreadable (key destroyed, ciphertext remains)",
      anonymized: "anonymized",
      partial: "not complete: this is no confirmation of deletion",
    },
    labels: {
      issuer: "Issuer",
      issuedAt: "Issued",
      certificate: "Number",
      claim: "Claim",
      completesAt: "Expected to be complete",
      receipt: "Consent",
    },
  },
};
