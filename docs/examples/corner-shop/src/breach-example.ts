/** An export of two orders lay at a public address for three hours. */
export function exposedExport(awareAt: Date): object {
  const now = awareAt.toISOString();
  return {
    schemaVersion: "1",
    status: "halted",
    summary: {
      "zh-CN": "一份订单导出文件曾可通过公开网址访问，持续三小时。",
      en: "An export file of orders could be reached at a public address for three hours.",
    },
    occurredFrom: new Date(awareAt.getTime() - 3 * 3_600_000).toISOString(),
    occurredTo: now,
    discoveredAt: now,
    awareAt: now,
    cause: {
      "zh-CN": "存储桶的访问权限配置有误。",
      en: "The access rule of a storage bucket was wrong.",
    },
    likelyHarm: {
      "zh-CN": "他人可能利用手机号和地址进行骚扰或者诈骗。",
      en: "Somebody could use phone number and address for unwanted calls or fraud.",
    },
    measures: [
      {
        "zh-CN": "已关闭公开访问并删除该文件，正在核查访问日志。",
        en: "Public access is closed, the file is deleted, the access log is being examined.",
      },
    ],
    selfHelp: [
      {
        "zh-CN": "请警惕自称本店或者配送员的陌生来电，不要提供验证码。",
        en: "Be wary of callers who claim to be the shop or a courier, and never give them a code.",
      },
    ],
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
}
