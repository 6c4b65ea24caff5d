import { describe, expect, it } from "vitest";
import {
  type DiffCase,
  kept,
  text,
  told,
  withCourier,
  withPhone,
  withRecipient,
  withSdk,
  withoutPurpose,
} from "./diff-case.fixture.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";

const { controller, purposes } = soundPolicy;

const ASKED: readonly DiffCase[] = [
  {
    title: "PIPL-14, REG-22: a purpose that says something else",
    after: withPurpose("delivery", { text }),
    kind: "changed",
    path: "purposes.delivery.text",
    obligations: ["PIPL-14", "REG-22"],
  },
  {
    title: "PIPL-14: a new purpose",
    before: withoutPurpose("delivery"),
    after: soundPolicy,
    kind: "added",
    path: "purposes.delivery",
    obligations: ["PIPL-14", "REG-22"],
  },
  {
    title: "PIPL-14, PIPL-29: a new category, sensitive here",
    after: withPurpose("delivery", { categories: ["phone", "allergy"] }),
    kind: "added",
    path: "purposes.delivery.categories.allergy",
    obligations: ["PIPL-14", "REG-22", "PIPL-29"],
  },
  {
    title: "PIPL-14: a category that comes from the platform now",
    after: withPhone({ source: "platform" }),
    kind: "changed",
    path: "categories.phone",
    obligations: ["PIPL-14", "REG-22"],
  },
  {
    title: "PIPL-29: a category that is sensitive now",
    after: withPhone({ sensitive: "private.contacts" }),
    kind: "changed",
    path: "categories.phone",
    obligations: ["PIPL-14", "REG-22", "PIPL-29"],
  },
  {
    title: "PIPL-14: a position that is exact now",
    before: withPhone({ precision: "approximate" }),
    after: withPhone({ precision: "exact" }),
    kind: "changed",
    path: "categories.phone",
    obligations: ["PIPL-14", "REG-22"],
  },
  {
    title: "PIPL-14: a new method of processing",
    after: withPurpose("delivery", { methods: ["collect", "store", "use", "publish"] }),
    kind: "added",
    path: "purposes.delivery.methods.publish",
    obligations: ["PIPL-14", "REG-22"],
  },
  {
    title: "PIPL-13, PIPL-14: another ground",
    after: withPurpose("delivery", { basis: "contract" }),
    kind: "changed",
    path: "purposes.delivery.basis",
    obligations: ["PIPL-13", "PIPL-14"],
  },
  {
    title: "PIPL-13, PIPL-14: consent where there was another ground",
    before: withPurpose("delivery", { basis: "contract" }),
    after: soundPolicy,
    kind: "changed",
    path: "purposes.delivery.basis",
    obligations: ["PIPL-13", "PIPL-14"],
  },
  {
    title: "PIPL-14: another kind of consent",
    after: withPurpose("delivery", { consentKind: "separate" }),
    kind: "changed",
    path: "purposes.delivery.consentKind",
    obligations: ["PIPL-14", "REG-22"],
  },
  {
    title: "PIPL-14: another use",
    after: withPurpose("delivery", { use: "outside-program" }),
    kind: "changed",
    path: "purposes.delivery.use",
    obligations: ["PIPL-14", "REG-22"],
  },
  {
    title: "REG-22: a longer time of keeping",
    after: kept(181),
    kind: "changed",
    path: "purposes.delivery.retention.days",
    obligations: ["REG-22"],
  },
  {
    title: "REG-22: a time of keeping that counts from something else",
    after: kept(180, { from: "consent-given" }),
    kind: "changed",
    path: "purposes.delivery.retention.from",
    obligations: ["REG-22"],
  },
  {
    title: "REG-22: what was to be erased being kept anonymized",
    after: kept(180, { then: "anonymize" }),
    kind: "changed",
    path: "purposes.delivery.retention.then",
    obligations: ["REG-22"],
  },
  {
    title: "PIPL-23: a new recipient that decides itself",
    after: withRecipient({ role: "controller" }),
    kind: "added",
    path: "purposes.delivery.recipients.partner",
    obligations: ["PIPL-23"],
  },
  {
    title: "PIPL-23: a processor that becomes a controller",
    after: withCourier({ role: "controller" }),
    kind: "changed",
    path: "recipients.courier",
    obligations: ["PIPL-23"],
  },
  {
    title: "PIPL-39: a new processor abroad",
    after: withRecipient({ country: "SG" }),
    kind: "added",
    path: "purposes.delivery.recipients.partner",
    obligations: ["PIPL-39"],
  },
  {
    title: "PIPL-39: a recipient that moves abroad",
    after: withCourier({ country: "HK" }),
    kind: "changed",
    path: "recipients.courier",
    obligations: ["PIPL-39"],
  },
  {
    title: "PIPL-23: another name of a controller that is given data",
    before: withCourier({ role: "controller" }),
    after: withCourier({ role: "controller", name: text }),
    kind: "changed",
    path: "recipients.courier",
    obligations: ["PIPL-23"],
  },
  {
    title: "PIPL-23: an SDK that names no operator",
    before: withSdk("courier"),
    after: withSdk(),
    kind: "changed",
    path: "sdks.maps",
    obligations: ["PIPL-23"],
  },
  {
    title: "PIPL-23: a new SDK that names no operator",
    after: withSdk(),
    kind: "added",
    path: "sdks.maps",
    obligations: ["PIPL-23"],
  },
  {
    title: "PIPL-39: a new SDK whose operator sits abroad",
    after: withSdk("partner", { country: "US" }),
    kind: "added",
    path: "sdks.maps",
    obligations: ["PIPL-39"],
  },
  {
    title: "PIPL-39: a new place of storage abroad",
    after: { ...soundPolicy, storageLocations: ["CN", "SG"] },
    kind: "added",
    path: "storageLocations.SG",
    obligations: ["PIPL-39"],
    purposes: ["delivery", "kitchen"],
  },
  {
    title: "PIPL-39: a service provider abroad",
    after: { ...soundPolicy, processor: { ...controller, country: "SG" } },
    kind: "added",
    path: "processor",
    obligations: ["PIPL-39"],
    purposes: ["delivery", "kitchen"],
  },
  {
    title: "PIPL-23: another controller, as far as its name tells",
    after: { ...soundPolicy, controller: { ...controller, name: text } },
    kind: "changed",
    path: "controller",
    obligations: ["PIPL-23"],
    purposes: ["delivery", "kitchen"],
  },
  {
    title: "PIPL-30: another impact of sensitive data",
    after: withPurpose("kitchen", {
      sensitiveNotice: { ...purposes["kitchen"]!.sensitiveNotice!, impact: text },
    }),
    kind: "changed",
    path: "purposes.kitchen.sensitiveNotice.impact",
    obligations: ["PIPL-30", "PIPL-14"],
    purposes: ["kitchen"],
  },
];

describe("diffPolicies", () => {
  it.each(ASKED)("asks again for $title", (change) => {
    const {
      before = soundPolicy,
      after,
      kind,
      path,
      obligations,
      purposes: of = ["delivery"],
    } = change;
    expect(told(before, after)).toEqual([
      { kind, path, purposes: of, effect: "ask-again", obligations },
    ]);
  });
});
