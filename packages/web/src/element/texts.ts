import type { ConsentStatus } from "@miniprivacy/core";
import type { Language } from "@miniprivacy/core/policy";

export interface ElementTexts {
  readonly title: string;
  readonly agree: string;
  readonly refuse: string;
  readonly hint: string;
  readonly heading: string;
  readonly intro: string;
  readonly withdraw: string;
  readonly decide: string;
  readonly receipt: string;
  readonly problem: string;
  readonly optedOut: string;
  readonly colon: string;
  readonly status: { readonly [S in ConsentStatus]: string };
}

const zh: ElementTexts = {
  title: "需要您的同意",
  agree: "同意",
  refuse: "不同意",
  hint: "不选择而关闭，即为不同意。您可以随时改变选择。",
  heading: "我的同意",
  intro: "每一项都可以随时更改，撤回与同意一样方便。",
  withdraw: "撤回",
  decide: "选择…",
  receipt: "下载凭证",
  problem: "没有成功，请稍后再试。",
  optedOut: "浏览器已设置不出售、不共享，按拒绝处理",
  colon: "：",
  status: {
    unknown: "尚未询问",
    requested: "已询问",
    deferred: "稍后再问",
    given: "已同意",
    renewed: "已同意",
    refused: "已拒绝",
    withdrawn: "已撤回",
    expired: "已过期",
    revoked: "已撤销",
    invalidated: "告知已更新，需重新同意",
    legacy: "已同意",
  },
};

const en: ElementTexts = {
  title: "Your consent is needed",
  agree: "Agree",
  refuse: "Refuse",
  hint: "Closing this without a choice means no. You can change your mind at any time.",
  heading: "My consents",
  intro: "You can change each of them at any time; withdrawing is as easy as agreeing.",
  withdraw: "Withdraw",
  decide: "Decide…",
  receipt: "Receipt",
  problem: "That did not work. Please try again later.",
  optedOut: "Refused by your browser: do not sell or share",
  colon: ": ",
  status: {
    unknown: "Not asked yet",
    requested: "Asked",
    deferred: "To be asked later",
    given: "Agreed",
    renewed: "Agreed",
    refused: "Refused",
    withdrawn: "Withdrawn",
    expired: "Expired",
    revoked: "Revoked",
    invalidated: "The notice has changed",
    legacy: "Agreed",
  },
};

/** What the elements say. */
export const TEXTS: { readonly [L in Language]: ElementTexts } = { "zh-CN": zh, en };
