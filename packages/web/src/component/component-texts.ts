import type { AgeBand, RequestState, StepOutcome } from "@miniprivacy/core";
import type { Language } from "@miniprivacy/core/policy";
import { type ElementTexts, TEXTS } from "../element/texts.ts";

export interface ComponentTexts extends ElementTexts {
  readonly contract: string;
  readonly platformTitle: string;
  readonly platformText: string;
  readonly ageQuestion: string;
  readonly ages: { readonly [Band in AgeBand]: string };
  readonly notice: string;
  readonly data: string;
  readonly showData: string;
  readonly noData: string;
  readonly change: string;
  readonly save: string;
  readonly cancel: string;
  readonly saved: string;
  readonly erase: string;
  readonly eraseWarning: string;
  readonly confirmErase: string;
  readonly keepThis: string;
  readonly signIn: string;
  readonly certificate: string;
  readonly askPhone: string;
  readonly takePhone: string;
  readonly askAvatar: string;
  readonly takeAvatar: string;
  readonly askNickname: string;
  readonly takeNickname: string;
  readonly again: string;
  readonly state: { readonly [State in RequestState]: string };
  readonly outcome: { readonly [Outcome in StepOutcome]: string };
}

const zh: ComponentTexts = {
  ...TEXTS["zh-CN"],
  contract: "查看小程序隐私保护指引",
  platformTitle: "小程序隐私保护",
  platformText:
    "使用此功能前，请阅读并决定是否同意平台要求展示的隐私保护指引。不同意不影响其他功能。",
  ageQuestion: "同意前请选择您的年龄段：",
  ages: { "under-14": "未满 14 岁", "14-17": "14 至 17 岁", adult: "18 岁及以上" },
  notice: "个人信息使用说明",
  data: "我的数据",
  showData: "查看我的数据",
  noData: "没有关于您的数据。",
  change: "更正",
  save: "保存",
  cancel: "取消",
  saved: "已更正。",
  erase: "删除我的全部数据",
  eraseWarning: "删除后无法恢复。法律要求保留的内容会在确认书中列出。",
  confirmErase: "确认删除",
  keepThis: "请保存以下编号和口令，删除后凭它们查看进度和确认书：",
  signIn: "请重新登录后再试。",
  certificate: "确认书已签发。",
  askPhone: "使用手机号",
  takePhone: "获取手机号",
  askAvatar: "使用头像",
  takeAvatar: "选择头像",
  askNickname: "填写昵称",
  takeNickname: "请输入昵称",
  again: "您已同意，请再点一次。",
  state: {
    received: "已收到",
    "identity-check": "核验身份中",
    accepted: "已受理",
    executing: "正在处理",
    extended: "已延期",
    restricted: "已限制处理",
    fulfilled: "已完成",
    "partly-fulfilled": "已完成，仍有残留",
    refused: "未受理",
    "withdrawn-by-user": "已撤回",
    expired: "已过期",
  },
  outcome: {
    "verified-absent": "已删除并核验",
    "not-found": "没有数据",
    "accepted-by-store": "已通知，尚未核验",
    "key-destroyed": "密钥已销毁",
    anonymized: "已匿名化",
    "retained-by-law": "依法保留",
    restricted: "已限制处理",
    "residual-until": "到期前仍有残留",
    failed: "尚未成功",
  },
};

const en: ComponentTexts = {
  ...TEXTS.en,
  contract: "Read the privacy guide of this mini-program",
  platformTitle: "Privacy of this mini-program",
  platformText:
    "Before this is used, please read the privacy guide that the platform wants shown, and decide. Saying no stops nothing else.",
  ageQuestion: "To agree, please say how old you are:",
  ages: { "under-14": "Under 14", "14-17": "14 to 17", adult: "18 or older" },
  notice: "What is done with my data",
  data: "My data",
  showData: "Show my data",
  noData: "There is no data about you.",
  change: "Correct",
  save: "Save",
  cancel: "Cancel",
  saved: "Corrected.",
  erase: "Erase all my data",
  eraseWarning: "It cannot be brought back. What the law keeps is listed in the confirmation.",
  confirmErase: "Erase it",
  keepThis:
    "Keep this number and token: afterwards they lead to the progress and the confirmation.",
  signIn: "Please sign in again and try once more.",
  certificate: "The confirmation has been issued.",
  askPhone: "Use my phone number",
  takePhone: "Share phone number",
  askAvatar: "Use my avatar",
  takeAvatar: "Choose an avatar",
  askNickname: "Enter a nickname",
  takeNickname: "Nickname",
  again: "Agreed. Please tap once more.",
  state: {
    received: "Received",
    "identity-check": "Checking who asks",
    accepted: "Accepted",
    executing: "Under way",
    extended: "Extended",
    restricted: "Restricted",
    fulfilled: "Done",
    "partly-fulfilled": "Done, something remains",
    refused: "Not accepted",
    "withdrawn-by-user": "Withdrawn",
    expired: "Expired",
  },
  outcome: {
    "verified-absent": "erased, and checked",
    "not-found": "nothing there",
    "accepted-by-store": "told, not checked yet",
    "key-destroyed": "key destroyed",
    anonymized: "anonymized",
    "retained-by-law": "kept by law",
    restricted: "restricted",
    "residual-until": "remains for a while",
    failed: "not yet",
  },
};

/** What the components of a mini-program say. */
export const COMPONENT_TEXTS: { readonly [L in Language]: ComponentTexts } = { "zh-CN": zh, en };
