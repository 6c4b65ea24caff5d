import { describe, expect, it } from "vitest";
import {
  abroadController,
  type CheckCase,
  error,
  warning,
  withCourier,
  without,
  withMarketing,
  withPhone,
  withSdk,
} from "./check-case.fixture.ts";
import { checkPolicy } from "./check-policy.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { Contact, Policy } from "./policy.ts";

const reachedBy = (contact: Contact): Policy => ({
  ...soundPolicy,
  controller: { ...soundPolicy.controller, contact },
});
const withProcessor = (country: string, base: Policy): Policy =>
  withPurpose(
    "delivery",
    { recipients: [], consentKind: "separate" },
    { ...base, processor: { ...soundPolicy.controller, country } },
  );

const CASES: readonly CheckCase[] = [
  {
    title:
      "WX-4.4.9a: platform-provided data going abroad, which access denies until a consent is filed",
    policy: withPurpose(
      "delivery",
      { consentKind: "separate" },
      withPhone({ source: "platform" }, withCourier({ country: "SG" })),
    ),
    finding: {
      ...warning,
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
      ...warning,
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
    title: "WX-4.4.9a: an SDK that takes platform-provided data abroad",
    policy: withPurpose(
      "delivery",
      { consentKind: "separate", recipients: [] },
      withPhone({ source: "platform" }, withSdk({}, withCourier({ country: "US" }))),
    ),
    finding: {
      ...error,
      code: "transfer-abroad-of-platform-data",
      path: "sdks.maps.recipient",
      obligations: ["WX-4.4.9a"],
    },
    mended: withPurpose(
      "delivery",
      { consentKind: "separate", recipients: [] },
      withSdk({}, withCourier({ country: "US" })),
    ),
  },
  {
    title: "WX-4.4.9b: an SDK that takes platform-provided data for another controller",
    policy: withPurpose(
      "delivery",
      { consentKind: "separate", recipients: [] },
      withPhone({ source: "platform" }, withSdk({}, withCourier({ role: "controller" }))),
    ),
    finding: {
      ...error,
      code: "recipient-needs-platform-consent",
      path: "sdks.maps.recipient",
      obligations: ["WX-4.4.9b"],
    },
    mended: withPurpose(
      "delivery",
      { consentKind: "separate", recipients: [] },
      withSdk({}, withCourier({ role: "controller" })),
    ),
  },
  {
    title: "WX-4.4.9b: an SDK that takes platform-provided data for a processor",
    policy: withPurpose(
      "delivery",
      { recipients: [] },
      withSdk({}, withPhone({ source: "platform" })),
    ),
    finding: {
      ...warning,
      code: "recipient-needs-platform-consent",
      path: "sdks.maps.recipient",
      obligations: ["WX-4.4.9b"],
    },
    mended: withSdk(),
  },
  {
    title: "WX-4.4.9a: a service provider abroad that holds platform-provided data",
    policy: withProcessor("SG", withPhone({ source: "platform" })),
    finding: {
      ...error,
      code: "transfer-abroad-of-platform-data",
      path: "processor.country",
      obligations: ["WX-4.4.9a"],
    },
    mended: withProcessor("SG", soundPolicy),
  },
  {
    title: "WX-4.4.9b: a service provider that holds platform-provided data",
    policy: withProcessor("CN", withPhone({ source: "platform" })),
    finding: {
      ...warning,
      code: "recipient-needs-platform-consent",
      path: "processor",
      obligations: ["WX-4.4.9b"],
    },
    mended: withProcessor("CN", soundPolicy),
  },
  ...(["contract", "legal-duty"] as const).map((basis) => ({
    title: `WX-4.4.3: data collected on the ground of ${basis} alone`,
    policy: withPurpose("delivery", { basis }),
    finding: {
      ...warning,
      code: "explicit-consent-needed" as const,
      path: "purposes.delivery.basis",
      obligations: ["WX-4.4.3"],
    },
    mended: withPurpose("delivery", { basis, methods: ["store", "transmit"] }),
  })),
  {
    title: "WX-4.4.2c: a contact that Weixin’s privacy guide does not take",
    policy: reachedBy({ url: "https://shop.example", phone: " " }),
    finding: {
      ...warning,
      code: "guide-contact-missing",
      path: "controller.contact",
      obligations: ["WX-4.4.2c"],
    },
    mended: reachedBy({ url: "https://shop.example", phone: "400-1" }),
  },
  ...(["EXUserFollowAcct", "custom:Friends"] as const).map((weixinPrivacyKey) => ({
    title: `WX-4.5a: data taken from Weixin that no interface of it gives, ${weixinPrivacyKey}`,
    policy: withPurpose(
      "delivery",
      { recipients: [] },
      withPhone({ source: "platform", weixinPrivacyKey }),
    ),
    finding: {
      ...warning,
      code: "platform-data-without-interface" as const,
      path: "categories.phone.weixinPrivacyKey",
      obligations: ["WX-4.5a"],
    },
    mended: withPhone({ source: "subject", weixinPrivacyKey }),
  })),
];

describe("checkPolicy, on Weixin", () => {
  it.each(CASES)("finds $title", ({ policy, finding, mended = soundPolicy }) => {
    expect(checkPolicy(policy)).toEqual([finding]);
    expect(checkPolicy(mended)).toEqual([]);
    expect(checkPolicy(without(policy, "platforms"))).toEqual([]);
  });

  it("WX-4.4.9b: takes an SDK that names no operator for another person’s", () => {
    const unnamed = (base: Policy): Policy => ({
      ...withPurpose("delivery", { recipients: [] }, base),
      sdks: { maps: without(withSdk().sdks!["maps"]!, "recipient") },
    });
    const codes = (policy: Policy) => checkPolicy(policy).map(({ code, path }) => [code, path]);
    const missing = ["sdk-operator-missing", "sdks.maps.recipient"];
    expect(codes(unnamed(withPhone({ source: "platform" })))).toEqual([
      missing,
      ["recipient-needs-platform-consent", "sdks.maps"],
    ]);
    expect(codes(unnamed(soundPolicy))).toEqual([missing]);
  });

  it("WX-4.4.3, WX-4.6: finds marketing on another ground once, not twice", () => {
    const codes = checkPolicy(withMarketing({ basis: "contract" })).map(({ code }) => code);
    expect(codes).toEqual(["separate-consent-needed", "marketing-needs-platform-consent"]);
  });

  it("WX-4.5a: takes what an interface gives, and what is typed", () => {
    const fromButton = withPhone({ source: "platform", weixinPrivacyKey: "PhoneNumber" });
    expect(checkPolicy(withPurpose("delivery", { recipients: [] }, fromButton))).toEqual([]);
    expect(checkPolicy(withPhone({ source: "subject", weixinPrivacyKey: "Email" }))).toEqual([]);
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
});
