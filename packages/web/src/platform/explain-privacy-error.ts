import type { LocalizedText } from "@miniprivacy/core/policy";
import { INFORMATION_NAMES } from "./weixin-information-names.ts";
import { WEIXIN_PRIVACY_INTERFACES } from "./weixin-privacy-interfaces.ts";

/** Why the platform did not answer. */
export type PrivacyErrorReason =
  | "system-permission-denied"
  | "permission-refused"
  | "guide-not-agreed"
  | "asked-too-soon"
  | "button-id-wrong"
  | "not-declared"
  | "interface-taken-back"
  | "phone-quota-used-up"
  | "consent-missing"
  | "purpose-wrong"
  | "unknown";

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
  return { code, ...TEXTS[code](informationOf(errMsg)) };
}

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
  [/user authorize denied|auth(?:orize)? den(?:y|ied)/i, "permission-refused"],
  [/system permission denied/i, "system-permission-denied"],
  [/ERR_CONSENT_(?:MISSING|WITHDRAWN|EXPIRED)/, "consent-missing"],
  [/ERR_PURPOSE_UNKNOWN|ERR_ACCESS_DENIED/, "purpose-wrong"],
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
  readonly name: LocalizedText<"zh-CN" | "en">;
}

function informationOf(errMsg: string): Information {
  const name = /^\W*(\w+):/.exec(errMsg)?.[1] ?? "";
  const key = Object.prototype.hasOwnProperty.call(WEIXIN_PRIVACY_INTERFACES, name)
    ? WEIXIN_PRIVACY_INTERFACES[name as keyof typeof WEIXIN_PRIVACY_INTERFACES]
    : /phone/i.test(name)
      ? "PhoneNumber"
      : undefined;
  return key === undefined
    ? { key: "?", name: { "zh-CN": "该接口对应的信息", en: "what this interface takes" } }
    : { key, name: INFORMATION_NAMES[key] };
}

type Explain = (information: Information) => LocalizedText<"zh-CN" | "en">;

const GUIDE = {
  "zh-CN": "mp.weixin.qq.com →「设置」→「服务内容声明」→「用户隐私保护指引」",
  en: "mp.weixin.qq.com → 设置 (settings) → 服务内容声明 → 用户隐私保护指引 (privacy guide)",
};

const TEXTS: { readonly [Reason in PrivacyErrorReason]: Explain } = {
  "system-permission-denied": () => ({
    "zh-CN":
      "原因：手机系统没有把该权限授予微信（errno 3）。\n处理：请用户在手机「设置」→ 应用 → 微信 → 权限中打开，再点一次；控制台无需修改。\n等待：打开后立即生效。",
    en: "Cause: the phone's system has not given this permission to Weixin (errno 3).\nFix: the person opens it in the phone's settings under Weixin and taps again; nothing to change in the console.\nWait: none.",
  }),
  "permission-refused": () => ({
    "zh-CN":
      "原因：用户拒绝了授权弹窗（errno 103）；同一权限之后不再弹窗，直接失败。\n处理：不要阻断其余功能；用户想用时，放一个按钮调用 wx.openSetting 让其打开。控制台无需修改。\n等待：与隐私弹窗合并的拒绝，10 秒内再调用会直接失败。",
    en: "Cause: the person refused the permission (errno 103); it is not asked again and fails at once.\nFix: let the rest go on; behind a button, wx.openSetting lets the person change it. Nothing to change in the console.\nWait: where the refusal was of the combined popup, calls within 10 seconds fail at once.",
  }),
  "guide-not-agreed": () => ({
    "zh-CN":
      "原因：用户没有同意《用户隐私保护指引》（errno 104）。\n处理：页面上放 <privacy-consent/>，或在 wx.onNeedPrivacyAuthorization 中对每次询问调用一次 resolve；拒绝后其余功能照常。控制台无需修改。\n等待：拒绝后 10 秒内不再弹窗，请由用户再次点击触发。",
    en: "Cause: the person has not agreed to the privacy guide (errno 104).\nFix: put <privacy-consent/> on the page, or call resolve once for each question of wx.onNeedPrivacyAuthorization; after a no the rest goes on. Nothing to change in the console.\nWait: for 10 seconds after a refusal nothing is shown; let the person tap again.",
  }),
  "asked-too-soon": () => ({
    "zh-CN":
      "原因：用户刚刚拒绝，平台在间隔期内不再弹窗（in gap）。\n处理：不要自动重试，等用户再次点击。控制台无需修改。\n等待：至少 10 秒。",
    en: "Cause: the person has just refused, and the platform shows nothing during the gap.\nFix: no automatic retry; wait for another tap. Nothing to change in the console.\nWait: at least 10 seconds.",
  }),
  "button-id-wrong": () => ({
    "zh-CN":
      '原因：resolve({ event: "agree", buttonId }) 中的 id 不是用户刚刚点击的 <button open-type="agreePrivacyAuthorization"> 的 id（errno 104）。\n处理：给按钮写固定 id，并在 bindagreeprivacyauthorization 触发之后再 resolve；不要用 bindtap。控制台无需修改。\n等待：无。',
    en: 'Cause: the id in resolve({ event: "agree", buttonId }) is not that of the <button open-type="agreePrivacyAuthorization"> that was tapped (errno 104).\nFix: give the button a fixed id and resolve after bindagreeprivacyauthorization has fired, not from bindtap. Nothing to change in the console.\nWait: none.',
  }),
  "not-declared": ({ key, name }) => ({
    "zh-CN": `原因：《用户隐私保护指引》没有声明「${name["zh-CN"]}」（errno 112），弹窗不会出现。\n处理：${GUIDE["zh-CN"]} 中补充该信息类型；第三方平台用 setprivacysetting，privacy_key 为 ${key}。\n可粘贴：为了（填写用途，如「向你推荐附近门店」），开发者将在获取你的明示同意后，收集你的${name["zh-CN"]}。\n等待：保存后约 5 分钟生效，有开发者等了 1 小时。`,
    en: `Cause: the privacy guide does not declare "${name.en}" (errno 112); no popup can appear.\nFix: declare it at ${GUIDE.en}; a third-party platform sends setprivacysetting with privacy_key ${key}.\nTo paste: 为了（用途），开发者将在获取你的明示同意后，收集你的${name["zh-CN"]}。\nWait: in force about 5 minutes after saving; developers report up to an hour.`,
  }),
  "interface-taken-back": ({ key, name }) => ({
    "zh-CN": `原因：该接口的权限已被收回（appid privacy api banned）：提审时选了「未采集用户隐私」，或没有填写指引。\n处理：${GUIDE["zh-CN"]} 中声明「${name["zh-CN"]}」（privacy_key ${key}），重新提审，提审时选择「采集用户隐私」。\n可粘贴：为了（填写用途），开发者将在获取你的明示同意后，收集你的${name["zh-CN"]}。\n等待：审核通过并发布之后。`,
    en: `Cause: the interface was taken back (appid privacy api banned): the review said that no personal information is taken, or there is no guide.\nFix: declare "${name.en}" (privacy_key ${key}) at ${GUIDE.en}, submit again, and say in the review that information is taken.\nTo paste: 为了（用途），开发者将在获取你的明示同意后，收集你的${name["zh-CN"]}。\nWait: until the review has passed and the version is released.`,
  }),
  "phone-quota-used-up": () => ({
    "zh-CN":
      "原因：手机号快速验证的额度用完（errno 1400001）。\n处理：mp.weixin.qq.com →「付费管理」购买次数；此时请让用户手动填写。\n等待：购买后。",
    en: "Cause: the paid quota of phone number checks is used up (errno 1400001).\nFix: buy more at mp.weixin.qq.com → 付费管理 (paid services); meanwhile let people type the number.\nWait: until bought.",
  }),
  "consent-missing": () => ({
    "zh-CN":
      "原因：用户没有同意这个目的，接口没有被调用。\n处理：走不需要这项信息的流程；用户主动点击想开启时，用 consent.ask(目的, { again: true })。控制台无需修改。\n等待：拒绝后的冷静期内不会再问。",
    en: "Cause: the person does not consent to this purpose; the interface was not called.\nFix: go on without the information; where the person taps to allow it, consent.ask(purpose, { again: true }). Nothing to change in the console.\nWait: nothing is asked during the cool-down after a refusal.",
  }),
  "purpose-wrong": ({ key, name }) => ({
    "zh-CN": `原因：隐私政策里没有这个目的，或它没有声明「${name["zh-CN"]}」（weixinPrivacyKey ${key}），接口没有被调用。\n处理：在政策文件中给该目的加上对应的信息种类，再发布并重新生成客户端政策。\n等待：发布之后。`,
    en: `Cause: the policy has no such purpose, or the purpose does not declare "${name.en}" (weixinPrivacyKey ${key}); the interface was not called.\nFix: add the category to the purpose in the policy file, publish it and build the client's policy anew.\nWait: until published.`,
  }),
  unknown: () => ({
    "zh-CN": "不是已知的隐私接口错误。请看 errMsg 原文与接口文档。",
    en: "Not a known error of a privacy interface. See errMsg and the interface's documentation.",
  }),
};
