import fc from "fast-check";
import { soundPolicy } from "./policy.fixture.ts";
import type { Policy, PurposeDefinition } from "./policy.ts";

const text = fc.record({
  "zh-CN": fc.constantFrom("一", "二"),
  en: fc.constantFrom("one", "two"),
});
const country = fc.constantFrom("CN", "HK", "SG");
const contact = fc.record({ email: fc.constantFrom("a@shop.example", "b@shop.example") });
const party = { name: text, country, contact };
const role = fc.constantFrom("processor" as const, "controller" as const);
const recipientIds = ["courier", "ads"];

const purpose: fc.Arbitrary<PurposeDefinition> = fc.record(
  {
    label: text,
    text,
    categories: fc.shuffledSubarray(["phone", "allergy"], { minLength: 1 }),
    basis: fc.oneof(
      { weight: 4, arbitrary: fc.constant("consent" as const) },
      { weight: 1, arbitrary: fc.constantFrom("contract" as const, "legal-duty" as const) },
    ),
    necessity: fc.constantFrom("necessary" as const, "optional" as const),
    consentKind: fc.constantFrom("explicit" as const, "separate" as const),
    use: fc.constantFrom("service" as const, "sharing" as const),
    recipients: fc.shuffledSubarray(recipientIds),
    methods: fc.shuffledSubarray(["collect", "store", "use", "transmit", "publish"] as const),
    retention: fc.record({
      days: fc.constantFrom(30, 180),
      from: fc.constantFrom("order-closed", "consent-given"),
      then: fc.constantFrom("erase" as const, "anonymize" as const),
    }),
    sensitiveNotice: fc.record({ necessity: text, impact: text }),
  },
  { requiredKeys: ["label", "text", "categories", "basis", "necessity"] },
);

const category = fc.record(
  {
    label: text,
    source: fc.constantFrom("subject" as const, "platform" as const),
    sensitive: fc.constant("health.allergy-fertility" as const),
    precision: fc.constant("approximate" as const),
    weixinPrivacyKey: fc.constantFrom("PhoneNumber" as const, "Email" as const),
  },
  { requiredKeys: ["label", "source"] },
);

const sdk = fc.record(
  {
    name: text,
    categories: fc.shuffledSubarray(["phone", "allergy"]),
    purpose: fc.constantFrom("delivery", "kitchen"),
    recipient: fc.constantFrom(...recipientIds),
  },
  { requiredKeys: ["name", "categories", "purpose"] },
);

/** A policy of few words, so that two of them often agree. Not every one is lawful. */
const anyPolicy: fc.Arbitrary<Policy> = fc.record(
  {
    id: fc.constant("shop"),
    version: fc.constantFrom("1", "2"),
    languages: fc.shuffledSubarray(["zh-CN", "en"] as const, { minLength: 1 }),
    controller: fc.record(party),
    categories: fc.record({ phone: category, allergy: category }),
    recipients: fc.record({
      courier: fc.record({ ...party, role }),
      ads: fc.record({ ...party, role }),
    }),
    purposes: fc.record({ delivery: purpose, kitchen: purpose }, { requiredKeys: ["delivery"] }),
    processor: fc.record(party),
    platforms: fc.constantFrom({}, soundPolicy.platforms!),
    audience: fc.constant({ minors: "possible" as const }),
    storageLocations: fc.shuffledSubarray(["CN", "HK", "SG"], { minLength: 1 }),
    sdks: fc.record({ maps: sdk }),
    holds: fc.record({
      tax: fc.record({
        law: text,
        categories: fc.constant(["phone"]),
        days: fc.constantFrom(1, 2),
        from: fc.constant("order-closed"),
      }),
    }),
    evidence: fc.record({ keepDays: fc.constantFrom(1, 2), basis: text }),
  },
  {
    requiredKeys: [
      "id",
      "version",
      "languages",
      "controller",
      "categories",
      "recipients",
      "purposes",
    ],
  },
);

/** Two policies that differ in few places, if at all: places of the second are taken from a third. */
export const anyPolicyPair: fc.Arbitrary<readonly [Policy, Policy]> = fc
  .tuple(anyPolicy, anyPolicy, fc.infiniteStream(fc.nat(19)))
  .map(([one, other, dice]) => [one, mixed(one, other, () => dice.next().value === 0) as Policy]);

function mixed(one: unknown, other: unknown, otherwise: () => boolean): unknown {
  if (!isTable(one) || !isTable(other)) return otherwise() ? other : one;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    keys.flatMap((key) => {
      if (key in one && key in other) return [[key, mixed(one[key], other[key], otherwise)]];
      return otherwise() === key in other ? [[key, one[key] ?? other[key]]] : [];
    }),
  );
}

function isTable(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
