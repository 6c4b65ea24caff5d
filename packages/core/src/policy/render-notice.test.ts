import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { Policy } from "./policy.ts";
import { renderNotice } from "./render-notice.ts";

const full: Policy = {
  ...soundPolicy,
  processor: {
    name: { "zh-CN": "代运营公司", en: "Agency" },
    country: "CN",
    contact: { url: "https://agency.example" },
  },
  sdks: {
    maps: {
      name: { "zh-CN": "地图 SDK", en: "Maps SDK" },
      categories: ["phone"],
      purpose: "delivery",
    },
  },
  holds: {
    tax: {
      law: { "zh-CN": "《会计法》", en: "the Accounting Law" },
      categories: ["phone"],
      days: 3650,
      from: "order-closed",
    },
  },
  evidence: { keepDays: 1095, basis: { "zh-CN": "证明已取得同意", en: "to prove consent" } },
};

describe("renderNotice", () => {
  it.each([
    [
      "zh-CN",
      [
        "个人信息处理者：中文Sound Shop（联系方式：privacy@shop.example）",
        "受托人：代运营公司（联系方式：https://agency.example）",
        "处理目的：中文To deliver the order",
        "个人信息种类：中文Phone（由您提供）",
        "个人信息种类：中文Allergy（由您提供、敏感个人信息）",
        "处理的必要性：中文cannot be left out otherwise",
        "对您个人权益的影响：中文may be treated differently",
        "处理方式：收集、存储、使用、传输",
        "接收方：中文Courier（受托人；中国；联系方式：400-1）、地图 SDK（第三方 SDK）",
        "接收方：不向任何其他方提供",
        "保存期限：自订单完成之日起 180 天，期满删除",
        "处理依据：您的单独同意",
        "地图 SDK：收集中文Phone，用于中文Delivery。",
        "依据《会计法》，中文Phone须自订单完成之日起保存 3650 天",
        "同意记录加密保存 1095 天，期满删除。依据：证明已取得同意",
        "撤回同意",
        "查阅、复制、更正、补充和删除",
        "转移",
        "限制或者拒绝处理",
        "注销账号",
        "投诉、举报",
        "提起诉讼",
        "存储地点：中国",
        "版本：3",
      ],
    ],
    [
      "en",
      [
        "Controller: Sound Shop (Contact: privacy@shop.example)",
        "Processor acting on its behalf: Agency (Contact: https://agency.example)",
        "Purpose: To deliver the order",
        "Personal data: Phone (from you)",
        "Personal data: Allergy (from you, sensitive personal data)",
        "Why it is needed: cannot be left out otherwise",
        "What it may mean for you: may be treated differently",
        "What is done: collected, stored, used, transmitted",
        "Recipients: Courier (processor; China; Contact: 400-1), Maps SDK (third-party SDK)",
        "Recipients: none",
        "Kept for: 180 days from the completion of the order, then erased",
        "Legal basis: your separate consent",
        "Maps SDK takes Phone for: Delivery.",
        "Under the Accounting Law we must keep the following for 3650 days from the completion of the order: Phone.",
        "kept encrypted for 1095 days, then erased. Ground: to prove consent",
        "withdraw a consent",
        "see, copy, correct, complete and erase",
        "transfer your personal data",
        "restrict or stop its processing",
        "close your account",
        "complain to the data protection authority",
        "go to court",
        "Stored in: China",
        "Version: 3",
      ],
    ],
  ] as const)(
    "PIPL-17, PIPL-23, PIPL-30, REG-21, WX-4.4.2a, WX-4.4.4c: says all a subject must be told, in %s",
    (language, told) => {
      const notice = renderNotice(full, { language, format: "text" });
      for (const words of told) expect(notice).toContain(words);
    },
  );

  it.each(["zh-CN", "en"] as const)("says the same in every format and form, in %s", (language) => {
    const words = (notice: string): string => notice.replaceAll(/<[^>]*>|[\s\\【】：:*#|-]/g, "");
    const text = words(renderNotice(full, { language, format: "text" }));
    for (const format of ["markdown", "html"] as const) {
      for (const form of ["prose", "list"] as const)
        expect(words(renderNotice(full, { language, format, form }))).toBe(text);
    }
  });

  it("PIPL-39: says how to reach a recipient abroad, where there is one", () => {
    const { courier } = full.recipients;
    const abroad = { ...full, recipients: { courier: { ...courier!, country: "SG" } } };
    const notice = renderNotice(abroad, { language: "zh-CN", format: "text" });
    expect(notice).toContain("中文Courier（受托人；新加坡；联系方式：400-1）");
    expect(notice).toContain("向境外接收方行使上述权利");
    expect(renderNotice(full, { language: "zh-CN", format: "text" })).not.toContain("境外");
    expect(
      renderNotice(abroad, { language: "zh-CN", format: "text", purposes: ["kitchen"] }),
    ).not.toContain("境外");
  });

  it("PIPL-23, PIPL-39: names who runs an SDK, and how to reach one abroad", () => {
    const policy: Policy = {
      ...full,
      recipients: {
        ...full.recipients,
        mapper: {
          name: { "zh-CN": "地图公司", en: "Map Maker" },
          country: "SG",
          role: "controller",
          contact: { email: "maps@maker.example" },
        },
      },
      sdks: { maps: { ...full.sdks!["maps"]!, recipient: "mapper" } },
    };
    const notice = renderNotice(policy, { language: "en", format: "text" });
    expect(notice).toContain(
      "Maps SDK (third-party SDK; Map Maker; independent controller; Singapore; Contact: maps@maker.example)",
    );
    expect(notice).toContain("Towards a recipient abroad");
    const other = renderNotice(policy, { language: "en", format: "text", purposes: ["kitchen"] });
    expect(other).not.toContain("Map Maker");
    expect(other).not.toContain("Towards a recipient abroad");
  });

  it("PIPL-39: takes abroad as seen from the mainland, not from the controller", () => {
    const controller = { ...full.controller, country: "SG" };
    const { courier } = full.recipients;
    const shown = (country: string): string =>
      renderNotice(
        { ...full, controller, recipients: { courier: { ...courier!, country } } },
        { language: "zh-CN", format: "text" },
      );
    expect(shown("SG")).toContain("向境外接收方行使上述权利");
    expect(shown("CN")).not.toContain("境外");
  });

  it("PIPL-16: tells for each purpose whether it is necessary, and what refusing it stops", () => {
    const needOf = (purpose: string): string | undefined =>
      renderNotice(full, { language: "en", purposes: [purpose], format: "text" })
        .split("\n")
        .find((line) => line.startsWith("Required: "));
    expect(needOf("delivery")).toBe(
      "Required: yes, for this service; if you refuse, only this service is affected",
    );
    expect(needOf("kitchen")).toBe("Required: no; if you refuse, no other service is affected");
  });

  it("speaks only of the purposes asked for", () => {
    const notice = renderNotice(full, { language: "en", purposes: ["kitchen"], format: "text" });
    expect(notice).toContain("To leave out allergens");
    expect(notice).not.toContain("To deliver the order");
    expect(notice).not.toContain("Maps SDK");
    expect(notice).not.toContain("Accounting Law");
  });

  it("REG-21: sets terms and texts as a list where asked", () => {
    const html = renderNotice(full, { language: "zh-CN", format: "html", form: "list" });
    expect(html).toContain("<tr><th>处理目的</th><td>中文To deliver the order</td></tr>");
    expect(html).toContain("<table><tbody><tr>");
    expect(renderNotice(full, { language: "zh-CN", format: "html" })).toContain(
      "<dl><dt>处理目的</dt><dd>中文To deliver the order</dd>",
    );
    expect(renderNotice(full, { language: "zh-CN", format: "markdown", form: "list" })).toContain(
      "| 处理目的 | 中文To deliver the order |",
    );
  });

  it("gives the same bytes for the same policy, whatever the order of purposes asked for", () => {
    const one = renderNotice(full, {
      language: "en",
      purposes: ["kitchen", "delivery"],
      format: "text",
    });
    expect(
      renderNotice(full, { language: "en", purposes: ["delivery", "kitchen"], format: "text" }),
    ).toBe(one);
  });

  it("shows an event or a country it has no words for as it stands", () => {
    const policy = withPurpose("delivery", {
      retention: { days: 1, from: "constructor", then: "anonymize" },
    });
    const notice = renderNotice(
      { ...policy, storageLocations: ["ZZ"] },
      { language: "en", format: "text" },
    );
    expect(notice).toContain("Kept for: 1 day from constructor, then anonymized");
    expect(notice).toContain("Stored in: ZZ");
  });

  const breakIn = fc.array(
    fc.oneof(
      fc.string({ unit: "binary-ascii" }),
      fc.constantFrom(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "[a](javascript:b)",
        "https://evil.example",
        "www.evil.example",
        "\n# d\n",
        "\r===\r",
        "\n\n【您的权利】\n",
        "| x |",
        "    `c`",
        "&lt;",
      ),
    ),
    { minLength: 1, maxLength: 4 },
  );
  const everyForm = fc.record({
    language: fc.constantFrom("zh-CN" as const, "en" as const),
    form: fc.constantFrom("prose" as const, "list" as const),
  });

  it("writes HTML of a few bare tags, in which texts of the policy stay texts", () => {
    const tags = /<\/?(article|section|h1|h2|dl|dt|dd|table|tbody|tr|th|td|p)>/g;
    fc.assert(
      fc.property(breakIn, everyForm, (parts, options) => {
        const html = renderNotice(saying(parts.join("")), { ...options, format: "html" });
        expect(html.replaceAll(tags, "")).not.toMatch(/[<>"']/);
        expect(html.match(tags)).toEqual(
          renderNotice(full, { ...options, format: "html" }).match(tags),
        );
      }),
    );
  });

  it("writes Markdown and text whose lines and cells no text of the policy can change", () => {
    const frame = (notice: string): readonly string[] =>
      notice
        .replaceAll(/\\./g, "")
        .split(/\r\n?|\n/)
        .map((line) => (/^(# |## |- \*\*|\| )/.exec(line)?.[0] ?? "") + line.split("|").length);
    fc.assert(
      fc.property(breakIn, everyForm, (parts, options) => {
        const policy = saying(`x${parts.join("")}`);
        const markdown = renderNotice(policy, { ...options, format: "markdown" });
        expect(frame(markdown)).toEqual(
          frame(renderNotice(full, { ...options, format: "markdown" })),
        );
        expect(markdown.replaceAll(/\\./g, "")).not.toMatch(/[<>[\]`]|:\/\/|www\./);
        const text = renderNotice(policy, { ...options, format: "text" });
        expect(text.split(/[\r\n]/)).toHaveLength(
          renderNotice(full, { ...options, format: "text" }).split("\n").length,
        );
      }),
    );
  });

  it("refuses a language or purpose the policy does not have", () => {
    expect(() =>
      renderNotice({ ...soundPolicy, languages: ["zh-CN"] }, { language: "en", format: "text" }),
    ).toThrow(RangeError);
    expect(() =>
      renderNotice(soundPolicy, {
        language: "en",
        purposes: ["delivery", "toString"],
        format: "text",
      }),
    ).toThrow(RangeError);
  });
});

/** The full policy with every text and contact in it replaced. */
function saying(words: string): Policy {
  return JSON.parse(JSON.stringify(full), (key, value: unknown) =>
    typeof value === "string" && ["zh-CN", "en", "email", "phone", "url"].includes(key)
      ? words
      : value,
  ) as Policy;
}
