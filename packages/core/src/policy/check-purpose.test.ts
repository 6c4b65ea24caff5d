import { describe, expect, it } from "vitest";
import {
  abroadController,
  type CheckCase,
  error,
  noAllergy,
  warning,
  withCourier,
  without,
  withMarketing,
  withSdk,
} from "./check-case.fixture.ts";
import { checkPolicy } from "./check-policy.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";

const CASES: readonly CheckCase[] = [
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
    title: "PIPL-23: sharing with nobody that is named",
    policy: withPurpose("delivery", {
      use: "sharing",
      consentKind: "separate",
      recipients: [],
    }),
    finding: {
      ...error,
      code: "recipient-missing",
      path: "purposes.delivery.recipients",
      obligations: ["PIPL-23"],
    },
    mended: withPurpose("delivery", { use: "sharing", consentKind: "separate" }),
  },
  ...[{ use: "transfer" as const }, { methods: ["collect", "provide"] as const }].map((change) => ({
    title: `PIPL-23: giving data away by ${Object.keys(change)[0]} without separate consent`,
    policy: withPurpose("delivery", change),
    finding: {
      ...error,
      code: "separate-consent-needed" as const,
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-23"],
    },
    mended: withPurpose("delivery", { ...change, consentKind: "separate" }),
  })),
  {
    title: "PIPL-23: an SDK whose operator decides itself without separate consent",
    policy: withPurpose(
      "delivery",
      { recipients: [] },
      withSdk({}, withCourier({ role: "controller" })),
    ),
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-23"],
    },
    mended: withPurpose("delivery", { recipients: [] }, withSdk()),
  },
  {
    title: "PIPL-39: an SDK whose operator sits abroad without separate consent",
    policy: withPurpose(
      "delivery",
      { recipients: [] },
      withSdk({}, withCourier({ country: "US" })),
    ),
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-39"],
    },
    mended: withPurpose(
      "delivery",
      { recipients: [], consentKind: "separate" },
      withSdk({}, withCourier({ country: "US" })),
    ),
  },
  {
    title: "PIPL-39: a service provider abroad without separate consent",
    policy: { ...noAllergy, processor: { ...soundPolicy.controller, country: "SG" } },
    finding: {
      ...error,
      code: "separate-consent-needed",
      path: "purposes.delivery.consentKind",
      obligations: ["PIPL-39"],
    },
    mended: { ...noAllergy, processor: soundPolicy.controller },
  },
  ...[[], ["collect", "store"] as const].map((methods) => ({
    title: `WX-4.4.4c, PIPL-17: data given to others, the methods being ${methods.join(" and ") || "none"}`,
    policy: withPurpose("delivery", { methods }),
    finding: {
      ...error,
      code: "method-missing" as const,
      path: "purposes.delivery.methods",
      obligations: ["WX-4.4.4c", "PIPL-17"],
    },
    mended: withPurpose("delivery", { methods: [...methods, "transmit"] }),
  })),
  {
    title: "WX-4.4.4c, PIPL-17: a purpose without a method, though nobody else gets the data",
    policy: withPurpose("kitchen", { methods: [] }),
    finding: {
      ...error,
      code: "method-missing",
      path: "purposes.kitchen.methods",
      obligations: ["WX-4.4.4c", "PIPL-17"],
    },
    mended: withPurpose("kitchen", { methods: ["collect"] }),
  },
  {
    title: "PIPL-31: data of children without a guardian",
    policy: {
      ...soundPolicy,
      categories: {
        ...soundPolicy.categories,
        allergy: { ...soundPolicy.categories["allergy"]!, sensitive: "minor.under14" },
      },
    },
    finding: {
      ...warning,
      code: "guardian-consent-needed",
      path: "purposes.kitchen.consentKind",
      obligations: ["PIPL-31"],
    },
    mended: withPurpose(
      "kitchen",
      { consentKind: "guardian" },
      {
        ...soundPolicy,
        categories: {
          ...soundPolicy.categories,
          allergy: { ...soundPolicy.categories["allergy"]!, sensitive: "minor.under14" },
        },
      },
    ),
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
];

describe("checkPolicy, of one purpose", () => {
  it.each(CASES)("finds $title", ({ policy, finding, mended = soundPolicy }) => {
    expect(checkPolicy(policy)).toEqual([finding]);
    expect(checkPolicy(mended)).toEqual([]);
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
});
