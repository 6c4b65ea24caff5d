import type { Language } from "../policy/policy.ts";
import type { CheckName } from "./checklist.ts";
import type { DeletionClaim } from "./claim.ts";

/** How a verification is told in one language. A check's sentence is what holds when the check does. */
export interface VerifyWords {
  readonly verdict: { readonly valid: string; readonly invalid: string };
  readonly checks: { readonly [Name in CheckName]: string };
  readonly trust: { readonly pinned: string; readonly caller: string };
  /** Said of a statement that came without a log proof. */
  readonly notLogged: string;
  readonly claim: { readonly [Claim in DeletionClaim]: string };
  readonly labels: {
    readonly [
      Name in "issuer" | "issuedAt" | "logged" | "certificate" | "claim" | "completesAt" | "receipt"
    ]: string;
  };
}

/** The words of `miniprivacy verify` and of the verify page. */
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
      "log-proof-form": "日志证明的格式正确",
      "log-key": "日志的公钥在所给密钥之中",
      "log-signature": "检查点由日志的密钥签名",
      "log-inclusion": "检查点所述的日志包含本文件",
    },
    trust: {
      pinned: "信任：按您指定的密钥指纹检查。",
      caller: "信任：密钥由您提供，没有指定指纹；它们是否属于出具方，请另行确认。",
    },
    notLogged: "日志：没有日志证明，未检查是否已记入日志。",
    claim: {
      deleted: "已删除",
      unreadable: "已不可读（密钥已销毁，密文仍在）",
      anonymized: "已匿名化",
      partial: "尚未完成，这不是删除确认书",
    },
    labels: {
      issuer: "出具方",
      issuedAt: "出具时间",
      logged: "已记入日志，位置",
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
      "log-proof-form": "the log proof is in the right form",
      "log-key": "the log's key is among the keys given",
      "log-signature": "the checkpoint is signed by the log's key",
      "log-inclusion": "the log of the checkpoint holds exactly this file",
    },
    trust: {
      pinned: "Trust: checked against the thumbprint you pinned.",
      caller:
        "Trust: yours. You brought the keys and pinned none; make sure that they are the issuer's.",
    },
    notLogged: "Log: no log proof was given, so whether it was logged is not checked.",
    claim: {
      deleted: "deleted",
      unreadable: "unreadable (key destroyed, ciphertext remains)",
      anonymized: "anonymized",
      partial: "not complete: this is no confirmation of deletion",
    },
    labels: {
      issuer: "Issuer",
      issuedAt: "Issued",
      logged: "In the log, at",
      certificate: "Number",
      claim: "Claim",
      completesAt: "Expected to be complete",
      receipt: "Consent",
    },
  },
};
