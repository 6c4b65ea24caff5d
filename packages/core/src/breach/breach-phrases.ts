import type { Language } from "../policy/policy.ts";
import type { BreachImpact, BreachRecipient, BreachStatus } from "./breach-record.ts";

/** The frame of a breach notice in one language. */
export interface BreachPhrases {
  readonly title: { readonly [Recipient in BreachRecipient]: string };
  readonly greeting: { readonly [Recipient in BreachRecipient]: string };
  readonly whatHappened: string;
  readonly period: string;
  readonly ongoing: string;
  readonly discovered: string;
  readonly categories: string;
  readonly cause: string;
  readonly harm: string;
  readonly measures: string;
  readonly selfHelp: string;
  readonly scope: string;
  readonly persons: (atLeast: number) => string;
  readonly disclosure: string;
  readonly disclosed: { readonly [Disclosure in BreachImpact["disclosure"]]: string };
  readonly minors: string;
  readonly answer: { readonly [Answer in BreachImpact["minors"]]: string };
  readonly status: string;
  readonly state: { readonly [Status in BreachStatus]: string };
  readonly aware: string;
  readonly due: string;
  readonly contact: string;
  readonly listSeparator: string;
  readonly colon: string;
}

export const BREACH_PHRASES: { readonly [L in Language]: BreachPhrases } = {
  "zh-CN": {
    title: {
      platform: "个人信息安全事件报告（致平台）",
      subjects: "关于您的个人信息的安全通知",
      guardians: "关于您所监护未成年人个人信息的安全通知",
      authority: "个人信息安全事件报告（致监管部门）",
    },
    greeting: {
      platform: "我们在运营的小程序中发现一起个人信息安全事件，现报告如下。",
      subjects:
        "我们发现一起可能涉及您个人信息的安全事件。现将情况、我们采取的措施以及您可以做的事告知您，并向您致歉。",
      guardians:
        "我们发现一起可能涉及您所监护未成年人个人信息的安全事件，现将情况告知您，并向您致歉。",
      authority: "根据《中华人民共和国个人信息保护法》第五十七条，现报告如下。",
    },
    whatHappened: "发生了什么",
    period: "发生时间：",
    ongoing: "仍在持续",
    discovered: "发现时间：",
    categories: "涉及的个人信息种类",
    cause: "原因",
    harm: "可能造成的危害",
    measures: "我们已采取的补救措施",
    selfHelp: "个人可以采取的减轻危害的措施",
    scope: "影响范围",
    persons: (atLeast) => `涉及人数：至少 ${atLeast} 人`,
    disclosure: "是否已外泄：",
    disclosed: { no: "否", potentially: "可能", yes: "是", unknown: "尚不清楚" },
    minors: "是否涉及未成年人：",
    answer: { yes: "是", no: "否", unknown: "尚不清楚" },
    status: "处置状态：",
    state: {
      suspected: "疑似",
      ongoing: "进行中",
      halted: "已制止",
      concluded: "已结束",
      terminated: "已终止",
      mitigated: "已缓解",
      "near-miss": "未造成后果",
    },
    aware: "知悉时间：",
    due: "报告时限",
    contact: "联系方式",
    listSeparator: "、",
    colon: "：",
  },
  en: {
    title: {
      platform: "Report of a personal data breach (to the platform)",
      subjects: "Notice about the security of your personal data",
      guardians: "Notice about the security of the personal data of a minor in your care",
      authority: "Report of a personal data breach (to the authority)",
    },
    greeting: {
      platform:
        "We found a breach of personal data in the mini-program we operate and report it as follows.",
      subjects:
        "We found a breach that may concern your personal data. Here is what happened, what we have done and what you can do. We apologize.",
      guardians:
        "We found a breach that may concern the personal data of a minor in your care. Here is what happened. We apologize.",
      authority: "We report the following breach of personal data (PIPL article 57).",
    },
    whatHappened: "What happened",
    period: "When: ",
    ongoing: "still going on",
    discovered: "Discovered: ",
    categories: "Personal data concerned",
    cause: "Cause",
    harm: "Possible harm",
    measures: "What we have done",
    selfHelp: "What persons can do",
    scope: "Scope",
    persons: (atLeast) => `Persons concerned: at least ${atLeast}`,
    disclosure: "Disclosed: ",
    disclosed: { no: "no", potentially: "possibly", yes: "yes", unknown: "not known yet" },
    minors: "Minors among them: ",
    answer: { yes: "yes", no: "no", unknown: "not known yet" },
    status: "Status: ",
    state: {
      suspected: "suspected",
      ongoing: "ongoing",
      halted: "halted",
      concluded: "concluded",
      terminated: "terminated",
      mitigated: "mitigated",
      "near-miss": "near miss",
    },
    aware: "We knew since: ",
    due: "Due",
    contact: "Contact",
    listSeparator: ", ",
    colon: ": ",
  },
};
