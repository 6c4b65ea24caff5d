import type { LocalizedText } from "@miniprivacy/core/policy";
import { PRIVACY_ERROR_TEXTS, type PrivacyErrorReason } from "./privacy-error-texts.ts";
import { INFORMATION_NAMES } from "./weixin-information-names.ts";
import { WEIXIN_PRIVACY_INTERFACES } from "./weixin-privacy-interfaces.ts";

/** Cause, where to go in the console, what to paste there, how long to wait: one text in each language. */
export interface ExplainedPrivacyError extends LocalizedText<"zh-CN" | "en"> {
  readonly code: PrivacyErrorReason;
}

/**
 * Explains what a privacy interface or button of Weixin failed with: an error, the argument of `fail`, or an event's
 * detail. Needs neither backend nor policy, and never throws.
 *
 * How sure each row is: the numbers and messages are the platform's, the waiting times and "buttonId is wrong" are also
 * what developers report.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html (read in a copy of 2026-07-30)
 * @example
 * wx.chooseImage({ fail: (error) => console.warn(explainPrivacyError(error)['zh-CN']) })
 */
export function explainPrivacyError(error: unknown): ExplainedPrivacyError {
  const { errno, errMsg } = factsOf(error);
  const code = reasonOf(errno, errMsg);
  const { key, name } = informationOf(errMsg);
  const fill = (text: string): string =>
    text
      .replace(/\{key\}/g, key)
      .replace(/\{name\}/g, name)
      .replace(/\{paste\}/, `${PASTE}${name}。`);
  const { "zh-CN": zh, en } = PRIVACY_ERROR_TEXTS[code];
  return { code, "zh-CN": fill(zh), en: fill(en) };
}

/** How the guide words a kind of information; the purpose is the developer's. */
const PASTE = "为了（填写用途），开发者将在获取你的明示同意后，收集你的";

interface ErrorFacts {
  readonly errno: number;
  readonly errMsg: string;
}

function factsOf(error: unknown): ErrorFacts {
  try {
    const { detail, errno, errMsg, message, code } = Object(error) as {
      readonly [name: string]: unknown;
    };
    if (errno === undefined && errMsg === undefined && detail !== undefined) return factsOf(detail);
    const text = typeof error === "string" ? error : (errMsg ?? message);
    return { errno: Number(errno), errMsg: `${asText(text)} ${asText(code)}` };
  } catch {
    return { errno: NaN, errMsg: "" };
  }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 500) : "";
}

/** Messages first: numbers are missing in some versions, and mean other things elsewhere. */
const MESSAGES: readonly (readonly [RegExp, PrivacyErrorReason])[] = [
  [/buttonid/i, "button-id-wrong"],
  [/privacy permission is not authorized in gap|\bin gap\b/i, "asked-too-soon"],
  [/privacy permission is not authorized|user authorize cancel/i, "guide-not-agreed"],
  [/api scope is not declared in the privacy agreement/i, "not-declared"],
  [/privacy api banned/i, "interface-taken-back"],
  [/user authorize denied|auth(?:orize)? den(?:y|ied)|fail user deny/i, "permission-refused"],
  [/system permission denied/i, "system-permission-denied"],
  [/ERR_CONSENT_(?:MISSING|WITHDRAWN|EXPIRED)/, "consent-missing"],
  [/ERR_PURPOSE_UNKNOWN|ERR_ACCESS_DENIED/, "purpose-wrong"],
  [/ERR_PLATFORM_UNAVAILABLE/, "question-held-up"],
  [/ERR_STORE_UNAVAILABLE|ERR_INTERNAL/, "server-unreachable"],
];

const NUMBERS: { readonly [errno: number]: PrivacyErrorReason } = {
  3: "system-permission-denied",
  103: "permission-refused",
  104: "guide-not-agreed",
  112: "not-declared",
  1025: "interface-taken-back",
  1026: "interface-taken-back",
  1400001: "phone-quota-used-up",
};

function reasonOf(errno: number, errMsg: string): PrivacyErrorReason {
  const [, known] = MESSAGES.find(([pattern]) => pattern.test(errMsg)) ?? [];
  return known ?? NUMBERS[errno] ?? "unknown";
}

/** What the interface takes, by the name before the colon. */
interface Information {
  readonly key: string;
  /** As the guide has it. */
  readonly name: string;
}

function informationOf(errMsg: string): Information {
  const name = /^\W*(\w+):/.exec(errMsg)?.[1] ?? "";
  const key = Object.prototype.hasOwnProperty.call(WEIXIN_PRIVACY_INTERFACES, name)
    ? WEIXIN_PRIVACY_INTERFACES[name as keyof typeof WEIXIN_PRIVACY_INTERFACES]
    : /phone/i.test(name)
      ? "PhoneNumber"
      : undefined;
  return key === undefined
    ? { key: "?", name: "（接口对应的信息）" }
    : { key, name: INFORMATION_NAMES[key] };
}
