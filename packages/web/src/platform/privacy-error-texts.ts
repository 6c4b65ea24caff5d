import type { LocalizedText } from "@miniprivacy/core/policy";

/** Why a privacy interface did not answer. */
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
  | "question-held-up"
  | "server-unreachable"
  | "unknown";

type Texts = LocalizedText<"zh-CN" | "en">;
type Parts = readonly [cause: string, fix: string, wait: string];

const GUIDE = "mp.weixin.qq.com →「设置」→「服务内容声明」→「用户隐私保护指引」";

/** @param isPasted Whether there is a text for the console; without, whether there is anything to do there. */
function texts(zh: Parts, en: Parts, isPasted?: boolean): Texts {
  const console =
    isPasted === false ? ["控制台无需修改。", " Nothing to change in the console."] : ["", ""];
  const paste = isPasted === true ? ["\n可粘贴：{paste}", "\nTo paste: {paste}"] : ["", ""];
  return {
    "zh-CN": `原因：${zh[0]}\n处理：${zh[1]}${console[0]}${paste[0]}\n等待：${zh[2]}`,
    en: `Cause: ${en[0]}\nFix: ${en[1]}${console[1]}${paste[1]}\nWait: ${en[2]}`,
  };
}

const NOT_AGREED = texts(
  [
    "用户没有同意，或刚刚拒绝了《用户隐私保护指引》（errno 104）。",
    "页面上放 <privacy-consent/>，或在 wx.onNeedPrivacyAuthorization 里每次都 resolve 一次；不要自动重试。",
    "拒绝后 10 秒，再由用户点一次。",
  ],
  [
    "the person has not agreed to the privacy guide, or has just refused it (errno 104).",
    "put <privacy-consent/> on the page, or resolve each question of wx.onNeedPrivacyAuthorization once; no automatic retry.",
    "10 seconds after a refusal, then another tap.",
  ],
  false,
);

/** With places for the `{name}` and `{key}` of the information, and for the text to `{paste}`. */
export const PRIVACY_ERROR_TEXTS: { readonly [Reason in PrivacyErrorReason]: Texts } = {
  "system-permission-denied": texts(
    ["手机系统没有把该权限给微信（errno 3）。", "请用户在手机设置里为微信打开，再点一次。", "无。"],
    [
      "the phone's system has not given this permission to Weixin (errno 3).",
      "open it in the phone's settings for Weixin, and tap again.",
      "none.",
    ],
    false,
  ),
  "permission-refused": texts(
    [
      "用户拒绝了授权（errno 103）；同一权限不再弹窗。",
      "其余功能照常；用户想用时，用按钮调用 wx.openSetting。",
      "与隐私弹窗合并时 10 秒。",
    ],
    [
      "the person refused the permission (errno 103); it is not asked again.",
      "let the rest go on; a button may call wx.openSetting.",
      "10 seconds after a combined popup.",
    ],
    false,
  ),
  "guide-not-agreed": NOT_AGREED,
  "asked-too-soon": NOT_AGREED,
  "button-id-wrong": texts(
    [
      "resolve 的 buttonId 不是用户刚点的 agreePrivacyAuthorization 按钮的 id（errno 104）。",
      "按钮用固定 id，在 bindagreeprivacyauthorization（不是 bindtap）里 resolve。",
      "无。",
    ],
    [
      "the buttonId given to resolve is not that of the agreePrivacyAuthorization button just tapped (errno 104).",
      "a fixed id; resolve in bindagreeprivacyauthorization, not in bindtap.",
      "none.",
    ],
    false,
  ),
  "not-declared": texts(
    [
      "指引没有声明「{name}」（errno 112），弹窗不会出现。",
      `${GUIDE} 补充该类型；第三方平台用 setprivacysetting，privacy_key 为 {key}。`,
      "保存后约 5 分钟生效，有开发者等了 1 小时。",
    ],
    [
      "the privacy guide does not declare {key} ({name}, errno 112); no popup can appear.",
      `declare it at ${GUIDE}; a third-party platform sends setprivacysetting with that privacy_key.`,
      "about 5 minutes after saving; developers report up to an hour.",
    ],
    true,
  ),
  "interface-taken-back": texts(
    [
      "接口权限已收回（appid privacy api banned）：提审时选了「未采集用户隐私」，或没有指引。",
      `${GUIDE} 声明「{name}」（privacy_key {key}），重新提审并选「采集用户隐私」。`,
      "审核通过并发布之后。",
    ],
    [
      "the interface was taken back (appid privacy api banned): the review said that nothing is collected, or there is no guide.",
      `declare {key} ({name}) at ${GUIDE}, and submit again, saying that it is taken.`,
      "until reviewed and released.",
    ],
    true,
  ),
  "phone-quota-used-up": texts(
    [
      "手机号验证的额度用完（errno 1400001）。",
      "mp.weixin.qq.com →「付费管理」购买；此时让用户手动填写。",
      "购买后。",
    ],
    [
      "the paid quota of phone number checks is used up (errno 1400001).",
      "buy more at mp.weixin.qq.com → 付费管理; meanwhile let people type the number.",
      "until bought.",
    ],
  ),
  "consent-missing": texts(
    [
      "用户没有同意这个目的，接口未调用。",
      "走不需要这项信息的流程；用户主动要开启时用 consent.ask(目的, { again: true })。",
      "拒绝后的冷静期内不再问。",
    ],
    [
      "the person does not consent to this purpose; nothing was called.",
      "go on without; for a tap that allows it, consent.ask(purpose, { again: true }).",
      "the cool-down after a refusal.",
    ],
    false,
  ),
  "purpose-wrong": texts(
    [
      "政策里没有这个目的，或它没有声明「{name}」（weixinPrivacyKey {key}），接口未调用。",
      "在政策文件中补上，发布，并重新生成客户端政策。",
      "发布之后。",
    ],
    [
      "the policy has no such purpose, or the purpose does not declare the weixinPrivacyKey {key} ({name}); nothing was called.",
      "add it to the policy, publish, build the client's policy anew.",
      "until published.",
    ],
  ),
  "question-held-up": texts(
    [
      "微信的隐私询问 12 秒没有人回答：别的 SDK 拿走了 wx.onNeedPrivacyAuthorization，或官方弹窗还开着。",
      "不要在别处注册该监听；页面上放 <privacy-consent/>。",
      "请用户再点一次。",
    ],
    [
      "nobody answered Weixin's question in 12 seconds: another SDK holds wx.onNeedPrivacyAuthorization, or the official popup is open.",
      "register that listener nowhere else; put <privacy-consent/> on the page.",
      "until the person taps again.",
    ],
    false,
  ),
  "server-unreachable": texts(
    [
      "连不上你的隐私接口，接口未调用。",
      "检查 endpoint 和控制台「开发管理」→「开发设置」→「服务器域名」。",
      "网络恢复后。",
    ],
    [
      "your privacy endpoints do not answer; nothing was called.",
      "check endpoint, and the console's 开发管理 → 开发设置 → 服务器域名.",
      "until the network is back.",
    ],
  ),
  unknown: {
    "zh-CN": "不是已知的隐私接口错误。请看 errMsg 原文与接口文档。",
    en: "Not a known error of a privacy interface. See errMsg and the interface's documentation.",
  },
};
