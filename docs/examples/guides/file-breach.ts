import type { BreachRecord } from "@miniprivacy/core/breach";
import type { BreachCase } from "@miniprivacy/node";

/** Clocks start at `awareAt`. Texts are for people and name nobody. */
export const exposedExport: BreachRecord = {
  schemaVersion: "1",
  status: "halted",
  summary: {
    "zh-CN": "一份订单导出文件曾可通过公开网址访问。",
    en: "An export of orders could be reached at a public address.",
  },
  discoveredAt: "2026-11-20T08:40:00Z",
  awareAt: "2026-11-20T09:00:00Z",
  cause: { "zh-CN": "存储桶权限配置有误。", en: "The access rule of a bucket was wrong." },
  likelyHarm: { "zh-CN": "可能遭遇骚扰或者诈骗。", en: "Unwanted calls or fraud." },
  measures: [{ "zh-CN": "已关闭公开访问。", en: "Public access is closed." }],
  selfHelp: [{ "zh-CN": "请警惕陌生来电。", en: "Be wary of unknown callers." }],
  contact: { email: "privacy@shop.example" },
  impact: {
    disclosure: "potentially",
    categories: ["phone", "address"],
    personsAtLeast: 2,
    minors: "no",
    jurisdictions: ["CN"],
  },
  platforms: ["weixin"],
  deliveries: [],
};

/** `call` brings the officer's session: role `privacy-officer` or `on-call`. */
export async function fileBreach(call: typeof fetch, record: BreachRecord): Promise<BreachCase> {
  const response = await call("/privacy/staff/breaches", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(record),
  });
  return (await response.json()) as BreachCase;
}
