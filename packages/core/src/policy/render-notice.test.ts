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
        "中文Sound Shop",
        "privacy@shop.example",
        "代运营公司",
        "中文To deliver the order",
        "中文Phone",
        "由您提供",
        "收集、存储、使用、传输",
        "中文Courier",
        "受托处理",
        "180 天",
        "到期删除",
        "您的单独同意",
        "敏感个人信息",
        "中文cannot be left out otherwise",
        "中文may be treated differently",
        "地图 SDK",
        "《会计法》",
        "3650 天",
        "1095 天",
        "撤回",
        "查阅、复制、更正和删除",
        "起诉",
        "存储地点：CN",
        "版本：3",
      ],
    ],
    [
      "en",
      [
        "Sound Shop",
        "privacy@shop.example",
        "Agency",
        "To deliver the order",
        "Phone",
        "from you",
        "collected, stored, used, transmitted",
        "Courier",
        "processor",
        "180 days",
        "then erased",
        "your separate consent",
        "sensitive personal data",
        "cannot be left out otherwise",
        "may be treated differently",
        "Maps SDK",
        "the Accounting Law",
        "3650 days",
        "1095 days",
        "withdraw",
        "see, copy, correct and erase",
        "courts",
        "Stored in: CN",
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

  it("speaks only of the purposes asked for", () => {
    const notice = renderNotice(full, { language: "en", purposes: ["kitchen"], format: "text" });
    expect(notice).toContain("To leave out allergens");
    expect(notice).not.toContain("To deliver the order");
    expect(notice).not.toContain("Maps SDK");
  });

  it("REG-21: sets terms and texts as a list where asked", () => {
    const html = renderNotice(full, { language: "zh-CN", format: "html", form: "list" });
    expect(html).toContain("<tr><th>处理目的</th><td>中文To deliver the order</td></tr>");
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

  const hostile = withPurpose("delivery", {
    label: { "zh-CN": "<script>alert(1)</script>", en: "<script>alert(1)</script>" },
    text: { "zh-CN": "x", en: '"><img src=x onerror=alert(1)> | [a](javascript:b) `c`\n# d' },
  });
  it("writes HTML in which texts of the policy stay texts", () => {
    for (const form of ["prose", "list"] as const) {
      const html = renderNotice(hostile, { language: "en", format: "html", form });
      expect(html).not.toMatch(/<script|<img|onerror="|style=/);
      const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/g)].map(([, tag]) => tag));
      expect(
        [...tags].every((tag) =>
          [
            "article",
            "section",
            "h1",
            "h2",
            "dl",
            "dt",
            "dd",
            "table",
            "tbody",
            "tr",
            "th",
            "td",
            "p",
          ].includes(tag!),
        ),
      ).toBe(true);
    }
  });

  it("writes Markdown in which texts of the policy stay texts", () => {
    const markdown = renderNotice(hostile, { language: "en", format: "markdown", form: "list" });
    expect(markdown).not.toMatch(/<script|<img|[^\\]\[a\]|[^\\]`c/);
    const row = markdown.split("\n").find((line) => line.includes("onerror"))!;
    expect([...row.matchAll(/(?<!\\)\|/g)]).toHaveLength(3);
    expect(markdown).not.toContain("\n# d");
  });

  it("refuses a language or purpose the policy does not have", () => {
    expect(() =>
      renderNotice({ ...soundPolicy, languages: ["zh-CN"] }, { language: "en", format: "text" }),
    ).toThrow(RangeError);
    expect(() =>
      renderNotice(soundPolicy, { language: "en", purposes: ["toString"], format: "text" }),
    ).toThrow(RangeError);
  });
});
