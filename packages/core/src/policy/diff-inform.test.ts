import { describe, expect, it } from "vitest";
import {
  type DiffCase,
  delivery,
  english,
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

const { controller } = soundPolicy;

const BOTH = ["delivery", "kitchen"];
const INFORMED: readonly Omit<DiffCase, "obligations">[] = [
  {
    title: "PIPL-21: a new processor",
    after: withRecipient({}),
    kind: "added",
    path: "purposes.delivery.recipients.partner",
  },
  {
    title: "PIPL-21: a first processor, to whom data is then transmitted",
    before: withPurpose("delivery", { recipients: [] }),
    after: soundPolicy,
    kind: "added",
    path: "purposes.delivery.recipients.courier",
  },
  {
    title: "PIPL-21: a service provider that runs this",
    after: { ...soundPolicy, processor: controller },
    kind: "added",
    path: "processor",
    purposes: BOTH,
  },
  {
    title: "an SDK of a processor",
    after: withSdk("partner"),
    kind: "added",
    path: "sdks.maps",
  },
  {
    title: "another contact of the controller",
    after: { ...soundPolicy, controller: { ...controller, contact: { phone: "400-2" } } },
    kind: "changed",
    path: "controller",
    purposes: BOTH,
  },
  {
    title: "another contact of a controller that is given data",
    before: withCourier({ role: "controller" }),
    after: withCourier({ role: "controller", contact: { phone: "400-2" } }),
    kind: "changed",
    path: "recipients.courier",
  },
  {
    title: "a new place of storage at home",
    before: { ...soundPolicy, storageLocations: ["SG"] },
    after: { ...soundPolicy, storageLocations: ["SG", "CN"] },
    kind: "added",
    path: "storageLocations.CN",
    purposes: BOTH,
  },
  {
    title: "a shorter time of keeping",
    after: kept(179),
    kind: "changed",
    path: "purposes.delivery.retention.days",
  },
  {
    title: "what was kept anonymized being erased",
    before: kept(180, { then: "anonymize" }),
    after: soundPolicy,
    kind: "changed",
    path: "purposes.delivery.retention.then",
  },
  {
    title: "a category less",
    before: withPurpose("delivery", { categories: ["phone", "allergy"] }),
    after: soundPolicy,
    kind: "removed",
    path: "purposes.delivery.categories.allergy",
  },
  {
    title: "a recipient less",
    before: withRecipient({ role: "controller", country: "SG" }),
    after: soundPolicy,
    kind: "removed",
    path: "purposes.delivery.recipients.partner",
  },
  {
    title: "an SDK less",
    before: withSdk(),
    after: soundPolicy,
    kind: "removed",
    path: "sdks.maps",
  },
  {
    title: "a purpose less",
    after: withoutPurpose("delivery"),
    kind: "removed",
    path: "purposes.delivery",
  },
  {
    title: "a new purpose that rests on no consent",
    before: withoutPurpose("delivery"),
    after: withPurpose("delivery", { basis: "legal-duty" }),
    kind: "added",
    path: "purposes.delivery",
  },
  {
    title: "another text of a purpose that rests on no consent",
    before: withPurpose("delivery", { basis: "contract" }),
    after: withPurpose("delivery", { basis: "contract", text }),
    kind: "changed",
    path: "purposes.delivery.text",
  },
  {
    title: "a controller that becomes a processor",
    before: withCourier({ role: "controller" }),
    after: soundPolicy,
    kind: "changed",
    path: "recipients.courier",
  },
  {
    title: "a recipient that comes home",
    before: withCourier({ country: "SG" }),
    after: soundPolicy,
    kind: "changed",
    path: "recipients.courier",
  },
  {
    title: "another label of a purpose",
    after: withPurpose("delivery", { label: text }),
    kind: "changed",
    path: "purposes.delivery.label",
  },
  {
    title: "another label of a category",
    after: withPhone({ label: text }),
    kind: "changed",
    path: "categories.phone",
  },
  {
    title: "another translation of a purpose",
    after: withPurpose("delivery", { text: english(delivery.text) }),
    kind: "changed",
    path: "purposes.delivery.text",
  },
  {
    title: "another translation of the controller’s name",
    after: { ...soundPolicy, controller: { ...controller, name: english(controller.name) } },
    kind: "changed",
    path: "controller",
    purposes: BOTH,
  },
  {
    title: "PIPL-16: a purpose that is optional now",
    after: withPurpose("delivery", { necessity: "optional" }),
    kind: "changed",
    path: "purposes.delivery.necessity",
  },
  {
    title: "a new hold by law",
    after: {
      ...soundPolicy,
      holds: { tax: { law: text, categories: ["phone"], days: 3650, from: "order-closed" } },
    },
    kind: "added",
    path: "holds.tax",
  },
  {
    title: "proofs kept for longer",
    before: { ...soundPolicy, evidence: { keepDays: 1, basis: text } },
    after: { ...soundPolicy, evidence: { keepDays: 2, basis: text } },
    kind: "changed",
    path: "evidence",
    purposes: BOTH,
  },
];

describe("diffPolicies", () => {
  it.each(INFORMED)("PIPL-17: informs of $title", (change) => {
    const { before = soundPolicy, after, kind, path, purposes: of = ["delivery"] } = change;
    expect(told(before, after)).toEqual([
      { kind, path, purposes: of, effect: "inform", obligations: ["PIPL-17"] },
    ]);
  });
});
