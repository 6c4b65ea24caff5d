import { describe, expect, it } from "vitest";
import { checkPolicy } from "./check-policy.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { PlatformSettings, Policy, PurposeDefinition } from "./policy.ts";
import type { PolicyFinding } from "./policy-finding.ts";

const marketing: PurposeDefinition = {
  label: { "zh-CN": "营销", en: "Marketing" },
  text: { "zh-CN": "发优惠", en: "To send offers" },
  categories: ["phone"],
  basis: "consent",
  consentKind: "separate",
  necessity: "optional",
  use: "marketing",
  retention: { days: 30, from: "consent-given", then: "erase" },
};
const withMarketing = (change: Partial<PurposeDefinition> = {}): Policy => ({
  ...soundPolicy,
  purposes: { ...soundPolicy.purposes, marketing: { ...marketing, ...change } },
});
const withPhone = (change: object, base: Policy = soundPolicy): Policy => ({
  ...base,
  categories: { ...base.categories, phone: { ...base.categories["phone"]!, ...change } },
});
const withCourier = (change: object, base: Policy = soundPolicy): Policy => ({
  ...base,
  recipients: { courier: { ...base.recipients["courier"]!, ...change } },
});
const abroadController = (country: string): Policy => ({
  ...soundPolicy,
  controller: { ...soundPolicy.controller, country },
});
const without = <Value extends object>(value: Value, name: keyof Value): Value => {
  const { [name]: _gone, ...rest } = value;
  return rest as Value;
};
const withHold = (days: number): Policy => ({
  ...soundPolicy,
  holds: {
    tax: {
      law: { "zh-CN": "《会计法》", en: "Accounting Law" },
      categories: ["phone"],
      days,
      from: "order-closed",
    },
  },
});
const tcmpp = (guard: "block" | "report"): PlatformSettings => ({
  tcmpp: { guard, minimumAge: "host-states" },
});
const noAllergy: Policy = {
  ...soundPolicy,
  categories: { phone: soundPolicy.categories["phone"]! },
  purposes: { delivery: soundPolicy.purposes["delivery"]! },
};

interface Case {
  readonly title: string;
  readonly policy: Policy;
  readonly finding: PolicyFinding;
  /** The same policy with the fault mended. */
  readonly mended?: Policy;
}
const error = { severity: "error" } as const;
const warning = { severity: "warning" } as const;

const CASES: readonly Case[] = [
  {
    title: "WX-4.4.2a, PIPL-17: a text missing in one language",
    policy: withPurpose("delivery", { text: { "zh-CN": "送货", en: " " } }),
    finding: {
      ...error,
      code: "text-missing",
      path: "purposes.delivery.text.en",
      obligations: ["WX-4.4.2a", "PIPL-17"],
    },
  },
  {
    title: "WX-4.4.2a, PIPL-17: a ground for proofs that is not said in one language",
    policy: { ...soundPolicy, evidence: { keepDays: 1, basis: { "zh-CN": "证明" } } },
    finding: {
      ...error,
      code: "text-missing",
      path: "evidence.basis.en",
      obligations: ["WX-4.4.2a", "PIPL-17"],
    },
  },
  {
    title: "WX-4.4.2a, PIPL-17: a policy in no language",
    policy: { ...soundPolicy, languages: [] },
    finding: {
      ...error,
      code: "text-missing",
      path: "languages",
      obligations: ["WX-4.4.2a", "PIPL-17"],
    },
  },
  {
    title: "PIPL-17: a controller nobody can reach",
    policy: { ...soundPolicy, controller: { ...soundPolicy.controller, contact: { email: "" } } },
    finding: {
      ...error,
      code: "contact-missing",
      path: "controller.contact",
      obligations: ["WX-4.4.2a", "PIPL-17"],
    },
  },
  {
    title: "PIPL-17: a purpose that does not say how long",
    policy: {
      ...soundPolicy,
      purposes: {
        ...soundPolicy.purposes,
        delivery: without(soundPolicy.purposes["delivery"]!, "retention"),
      },
    },
    finding: {
      ...error,
      code: "retention-missing",
      path: "purposes.delivery.retention",
      obligations: ["PIPL-17", "PIPL-19"],
    },
  },
  ...[0, -1, 1.5, 36_501, Number.NaN].map((days) => ({
    title: `PIPL-19: a retention of ${days} days`,
    policy: withPurpose("delivery", { retention: { days, from: "order-closed", then: "erase" } }),
    finding: {
      ...error,
      code: "retention-unreasonable" as const,
      path: "purposes.delivery.retention.days",
      obligations: ["PIPL-19"],
    },
  })),
  {
    title: "PIPL-19: a hold without an end",
    policy: withHold(Number.POSITIVE_INFINITY),
    finding: {
      ...error,
      code: "retention-unreasonable",
      path: "holds.tax.days",
      obligations: ["PIPL-19"],
    },
    mended: withHold(3650),
  },
  {
    title: "PIPL-19: proofs of consent kept for no time",
    policy: { ...soundPolicy, evidence: { keepDays: 0, basis: { "zh-CN": "证明", en: "proof" } } },
    finding: {
      ...error,
      code: "retention-unreasonable",
      path: "evidence.keepDays",
      obligations: ["PIPL-19"],
    },
    mended: {
      ...soundPolicy,
      evidence: { keepDays: 1095, basis: { "zh-CN": "证明", en: "proof" } },
    },
  },
  {
    title: "PIPL-29: sensitive data without separate consent",
    policy: withPurpose("kitchen", { consentKind: "explicit" }),
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.kitchen.consentKind",
      obligations: ["PIPL-29"],
    },
  },
  {
    title: "PIPL-30: sensitive data without its necessity and impact",
    policy: {
      ...soundPolicy,
      purposes: {
        ...soundPolicy.purposes,
        kitchen: without(soundPolicy.purposes["kitchen"]!, "sensitiveNotice"),
      },
    },
    finding: {
      ...error,
      code: "sensitive-notice-missing",
      path: "purposes.kitchen.sensitiveNotice",
      obligations: ["PIPL-30"],
    },
  },
  {
    title: "PIPL-23: another controller without separate consent",
    policy: withCourier({ role: "controller" }),
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-23"],
    },
    mended: withPurpose(
      "delivery",
      { consentKind: "separate" },
      withCourier({ role: "controller" }),
    ),
  },
  {
    title: "PIPL-23: sharing without separate consent",
    policy: withPurpose("delivery", { use: "sharing" }),
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-23"],
    },
    mended: withPurpose("delivery", { use: "sharing", consentKind: "separate" }),
  },
  {
    title: "PIPL-39: a recipient abroad without separate consent",
    policy: withCourier({ country: "SG" }),
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-39"],
    },
    mended: withPurpose("delivery", { consentKind: "separate" }, withCourier({ country: "SG" })),
  },
  {
    title: "PIPL-39: a recipient abroad beside a controller abroad",
    policy: withCourier({ country: "HK" }, abroadController("HK")),
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-39"],
    },
    mended: abroadController("HK"),
  },
  {
    title: "WX-4.4.9a: platform-provided data going abroad",
    policy: withPurpose(
      "delivery",
      { consentKind: "separate" },
      withPhone({ source: "platform" }, withCourier({ country: "SG" })),
    ),
    finding: {
      ...error,
      code: "transfer-abroad-of-platform-data",
      path: "purposes.delivery.recipients.0",
      obligations: ["WX-4.4.9a"],
    },
  },
  {
    title: "WX-4.4.9a: platform-provided data stored abroad",
    policy: withPurpose(
      "delivery",
      { recipients: [] },
      { ...withPhone({ source: "platform" }), storageLocations: ["CN", "SG"] },
    ),
    finding: {
      ...error,
      code: "transfer-abroad-of-platform-data",
      path: "storageLocations.1",
      obligations: ["WX-4.4.9a"],
    },
    mended: { ...soundPolicy, storageLocations: ["SG"] },
  },
  {
    title:
      "WX-4.4.9a: platform-provided data stored with a controller abroad, no place being named",
    policy: withPurpose(
      "delivery",
      { recipients: [] },
      withPhone({ source: "platform" }, abroadController("SG")),
    ),
    finding: {
      ...error,
      code: "transfer-abroad-of-platform-data",
      path: "controller.country",
      obligations: ["WX-4.4.9a"],
    },
    mended: withPurpose(
      "delivery",
      { recipients: [] },
      { ...withPhone({ source: "platform" }, abroadController("SG")), storageLocations: ["CN"] },
    ),
  },
  {
    title: "WX-4.4.9b: platform-provided data going to a processor",
    policy: withPhone({ source: "platform" }),
    finding: {
      ...warning,
      code: "recipient-needs-platform-consent",
      path: "purposes.delivery.recipients.0",
      obligations: ["WX-4.4.9b"],
    },
  },
  {
    title: "WX-4.4.9b: platform-provided data going to another controller",
    policy: withPurpose(
      "delivery",
      { consentKind: "separate" },
      withPhone({ source: "platform" }, withCourier({ role: "controller" })),
    ),
    finding: {
      ...error,
      code: "recipient-needs-platform-consent",
      path: "purposes.delivery.recipients.0",
      obligations: ["WX-4.4.9b"],
    },
  },
  {
    title: "WX-4.6: marketing, which needs the platform's consent too",
    policy: withMarketing(),
    finding: {
      ...warning,
      code: "marketing-needs-platform-consent",
      path: "purposes.marketing",
      obligations: ["WX-4.6"],
    },
    mended: without(withMarketing(), "platforms"),
  },
  {
    title: "WX-4.4.3, PIPL-13: marketing that says a contract needs it",
    policy: without(withMarketing({ basis: "contract" }), "platforms"),
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.marketing.basis",
      obligations: ["WX-4.4.3", "PIPL-13"],
    },
    mended: without(withMarketing(), "platforms"),
  },
  {
    title: "WX-4.4.4a, PIPL-6: a category no purpose needs",
    policy: {
      ...soundPolicy,
      categories: {
        ...soundPolicy.categories,
        email: { label: { "zh-CN": "邮箱", en: "Email" }, source: "subject" },
      },
    },
    finding: {
      ...error,
      code: "category-unused",
      path: "categories.email",
      obligations: ["WX-4.4.4a", "PIPL-6"],
    },
  },
  {
    title: "PIPL-31: children possible without a guardian",
    policy: { ...noAllergy, audience: { minors: "possible" } },
    finding: {
      ...warning,
      code: "guardian-consent-needed",
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-31"],
    },
    mended: withPurpose(
      "delivery",
      { consentKind: "guardian" },
      { ...noAllergy, audience: { minors: "possible" } },
    ),
  },
  {
    title: "TC-D6.2a: sensitive data on TCMPP",
    policy: { ...soundPolicy, platforms: tcmpp("block") },
    finding: {
      ...error,
      code: "sensitive-data-on-tcmpp",
      path: "categories.allergy",
      obligations: ["TC-D6.2a"],
    },
    mended: { ...noAllergy, platforms: tcmpp("block") },
  },
  {
    title: "TC-D6.2a: a guard on TCMPP that only reports",
    policy: { ...noAllergy, platforms: tcmpp("report") },
    finding: {
      ...warning,
      code: "guard-not-blocking",
      path: "platforms.tcmpp.guard",
      obligations: ["TC-D6.2a"],
    },
    mended: { ...noAllergy, platforms: tcmpp("block") },
  },
  {
    title: "TC-D6.1: children on TCMPP",
    policy: withPurpose(
      "delivery",
      { consentKind: "guardian" },
      { ...noAllergy, platforms: tcmpp("block"), audience: { minors: "possible" } },
    ),
    finding: {
      ...error,
      code: "minors-on-tcmpp",
      path: "audience.minors",
      obligations: ["TC-D6.1"],
    },
  },
];

describe("checkPolicy", () => {
  it("finds nothing in a sound policy", () => {
    expect(checkPolicy(soundPolicy)).toEqual([]);
  });

  it.each(CASES)("finds $title", ({ policy, finding, mended }) => {
    expect(checkPolicy(policy)).toEqual([finding]);
    expect(checkPolicy(mended ?? soundPolicy)).toEqual([]);
  });

  it("WX-4.4.3, PIPL-16: finds marketing bundled with the service, and marketing on the consent for it", () => {
    const findings = checkPolicy(
      withMarketing({ necessity: "necessary", consentKind: "explicit" }),
    );
    expect(findings).toEqual([
      {
        ...error,
        code: "marketing-as-necessary",
        path: "purposes.marketing.necessity",
        obligations: ["WX-4.4.3", "PIPL-16"],
      },
      {
        ...error,
        code: "separate-consent-needed",
        path: "purposes.marketing.consentKind",
        obligations: ["WX-4.4.3"],
      },
      {
        ...warning,
        code: "marketing-needs-platform-consent",
        path: "purposes.marketing",
        obligations: ["WX-4.6"],
      },
    ]);
  });

  it.each<[string, Policy, string, string]>([
    [
      "an undeclared category",
      withPurpose("delivery", { categories: ["phone", "fone"] }),
      "unknown-reference",
      "purposes.delivery.categories.1",
    ],
    [
      "an undeclared recipient",
      withPurpose("delivery", { recipients: ["other"] }),
      "unknown-reference",
      "purposes.delivery.recipients.0",
    ],
    [
      "a member of the prototype",
      withPurpose("delivery", { categories: ["constructor"] }),
      "unknown-reference",
      "purposes.delivery.categories.0",
    ],
    [
      "a purpose without data",
      withPurpose("delivery", { categories: [] }),
      "purpose-without-category",
      "purposes.delivery",
    ],
    [
      "an SDK with an undeclared purpose",
      { ...soundPolicy, sdks: { ads: { name: {}, categories: ["phone"], purpose: "ads" } } },
      "unknown-reference",
      "sdks.ads.purpose",
    ],
    [
      "a hold on an undeclared category",
      { ...soundPolicy, holds: { tax: { law: {}, categories: ["x"], days: 1, from: "y" } } },
      "unknown-reference",
      "holds.tax.categories.0",
    ],
    ["an id that does not fit a URL", { ...soundPolicy, id: "../x" }, "bad-id", "id"],
    [
      "a Weixin key that is none",
      withPhone({ weixinPrivacyKey: "Phone" }),
      "unknown-reference",
      "categories.phone.weixinPrivacyKey",
    ],
    [
      "a Weixin key of one’s own without a name",
      withPhone({ weixinPrivacyKey: "custom:" }),
      "unknown-reference",
      "categories.phone.weixinPrivacyKey",
    ],
  ])("finds %s in a policy read from JSON", (_title, policy, code, path) => {
    expect(checkPolicy(policy)).toEqual([
      { code, path, severity: "error", obligations: ["PIPL-17"] },
    ]);
  });

  it("PIPL-29, PIPL-30: asks for a whole purpose what one sensitive category among others asks", () => {
    const { sensitiveNotice: _told, ...untold } = soundPolicy.purposes["kitchen"]!;
    const kitchen = {
      ...untold,
      categories: ["phone", "allergy"],
      consentKind: "explicit",
    } as const;
    const policy = { ...soundPolicy, purposes: { ...soundPolicy.purposes, kitchen } };
    expect(checkPolicy(policy).map(({ code, obligations }) => [code, obligations])).toEqual([
      ["separate-consent-needed", ["PIPL-29"]],
      ["sensitive-notice-missing", ["PIPL-30"]],
    ]);
  });

  it("PIPL-19: takes a hundred years for a period, and not a day more", () => {
    const kept = (days: number): Policy =>
      withPurpose("delivery", { retention: { days, from: "order-closed", then: "erase" } });
    expect(checkPolicy(kept(36_500))).toEqual([]);
    expect(checkPolicy(kept(36_501))).toHaveLength(1);
  });

  it("finds in the shop only what the platform must agree to: its courier (WX-4.4.9b), its marketing (WX-4.6)", () => {
    const address = { label: { "zh-CN": "地址", en: "Address" }, source: "subject" } as const;
    const market = withPhone({ source: "platform" }, withMarketing());
    const shop = withPurpose(
      "delivery",
      { categories: ["phone", "address"] },
      { ...market, categories: { ...market.categories, address } },
    );
    expect(checkPolicy(shop)).toEqual([
      {
        ...warning,
        code: "recipient-needs-platform-consent",
        path: "purposes.delivery.recipients.0",
        obligations: ["WX-4.4.9b"],
      },
      {
        ...warning,
        code: "marketing-needs-platform-consent",
        path: "purposes.marketing",
        obligations: ["WX-4.6"],
      },
    ]);
  });

  it("takes a Weixin key of the developer’s own", () => {
    expect(checkPolicy(withPhone({ weixinPrivacyKey: "custom:Pager" }))).toEqual([]);
  });
});
