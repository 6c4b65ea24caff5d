import { describe, expect, it } from "vitest";
import { error, noAllergy, warning } from "./check-case.fixture.ts";
import { checkPolicy } from "./check-policy.ts";
import { withPurpose } from "./policy.fixture.ts";
import type { CategoryDefinition, Policy, PurposeUse } from "./policy.ts";

/** A program on WeCom that takes one category of data. */
function taking(
  id: string,
  category: Partial<CategoryDefinition> = {},
  use: PurposeUse = "service",
): Policy {
  const label = { "zh-CN": "数据", en: "Data" };
  return withPurpose(
    "delivery",
    {
      categories: [id],
      use,
      consentKind: "separate",
      sensitiveNotice: { necessity: label, impact: label },
    },
    {
      ...noAllergy,
      platforms: { wecom: { suiteId: "suite" } },
      categories: { [id]: { label, source: "subject", ...category } },
    },
  );
}
const found = (id: string) =>
  ({
    ...warning,
    code: "contact-on-wecom",
    path: `categories.${id}`,
    obligations: ["WC-3.13a"],
  }) as const;

describe("checkPolicy, on WeCom", () => {
  it.each<[string, Partial<CategoryDefinition>]>([
    ["reach", { weixinPrivacyKey: "PhoneNumber" }],
    ["reach", { weixinPrivacyKey: "Email" }],
    ["reach", { sensitive: "private.contacts" }],
    ["customerPhone", {}],
    ["mobile", {}],
    ["e-mail", {}],
  ])("WC-3.13a: finds private data of customers, %s %o", (id, category) => {
    expect(checkPolicy(taking(id, category))).toEqual([found(id)]);
    const elsewhere: Policy = { ...taking(id, category), platforms: {} };
    expect(checkPolicy(elsewhere)).toEqual([]);
  });

  it("WC-3.13a: finds nothing where none is taken", () => {
    expect(checkPolicy(taking("order", { weixinPrivacyKey: "EXOrderInfo" }))).toEqual([]);
    expect(checkPolicy(taking("order", {}, "outside-program"))).toEqual([]);
  });

  it("WC-3.13a: refuses to take them for use outside the program", () => {
    expect(checkPolicy(taking("phone", {}, "outside-program"))).toEqual([
      found("phone"),
      {
        ...error,
        code: "contact-outside-wecom",
        path: "purposes.delivery.use",
        obligations: ["WC-3.13a"],
      },
    ]);
  });
});
