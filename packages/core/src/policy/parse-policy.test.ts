import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PrivacyError } from "../errors/privacy-error.ts";
import { checkPolicy } from "./check-policy.ts";
import { parsePolicy } from "./parse-policy.ts";
import { soundPolicy } from "./policy.fixture.ts";
import type { Policy } from "./policy.ts";
import { policyDigest } from "./policy-digest.ts";

type Whole<Value> = Value extends object
  ? { readonly [Name in keyof Value]-?: Whole<Value[Name]> }
  : Value;

const text = { "zh-CN": "中", en: "x" };
const contact = {
  email: "a@shop.example",
  phone: "400-1",
  url: "https://shop.example",
  address: "Main St",
};
/** Has every member there is: one added to the interface must be added here, and then be known to the schema. */
const wholePolicy: Whole<Policy> = {
  id: "whole",
  version: "1",
  languages: ["zh-CN", "en"],
  controller: { name: text, country: "CN", contact },
  processor: { name: text, country: "CN", contact },
  platforms: {
    weixin: { appId: "wx0" },
    tcmpp: { guard: "block", minimumAge: "ask", sdk: "maps" },
    wecom: { suiteId: "s" },
    feishu: { appId: "f" },
    kuaishou: { appId: "k" },
  },
  audience: { minors: "excluded" },
  storageLocations: ["CN"],
  categories: {
    phone: {
      label: text,
      source: "platform",
      collectedIn: "weixin",
      sensitive: "private.contacts",
      weixinPrivacyKey: "custom:Pager",
      precision: "exact",
    },
  },
  recipients: { courier: { name: text, country: "CN", contact, role: "processor" } },
  sdks: {
    maps: { name: text, categories: ["phone"], purpose: "delivery", recipient: "courier" },
  },
  holds: { tax: { law: text, categories: ["phone"], days: 3650, from: "order-closed" } },
  evidence: { keepDays: 1095, basis: text },
  purposes: {
    delivery: {
      label: text,
      text,
      categories: ["phone"],
      basis: "consent",
      consentKind: "separate",
      use: "service",
      necessity: "necessary",
      recipients: ["courier"],
      methods: ["collect"],
      retention: { days: 180, from: "order-closed", then: "erase" },
      sensitiveNotice: { necessity: text, impact: text },
    },
  },
};

/** The error `parsePolicy` throws for an input. */
function refusal(input: unknown): PrivacyError {
  try {
    parsePolicy(input);
  } catch (error) {
    return error as PrivacyError;
  }
  throw new Error("was parsed");
}
const changed = (change: object): unknown => ({ ...wholePolicy, ...change });
const { phone } = wholePolicy.categories as { readonly phone: object };
const { delivery } = wholePolicy.purposes as { readonly delivery: object };

describe("parsePolicy", () => {
  it.each([wholePolicy, soundPolicy])("gives back what was written, $id", (policy) => {
    const parsed = parsePolicy(JSON.parse(JSON.stringify(policy)));
    expect(parsed).toEqual(policy);
    expect(policyDigest(parsed)).toBe(policyDigest(policy));
  });

  it.each<[string, unknown, string, string]>([
    ["no object", "policy", "invalid_type", ""],
    ["an unknown member", changed({ pourposes: {} }), "unrecognized_keys", ""],
    ["a missing member", changed({ controller: undefined }), "invalid_type", "controller"],
    ["a language nobody writes", changed({ languages: ["fr"] }), "invalid_value", "languages.*"],
    [
      "a text in a language nobody writes",
      changed({ evidence: { keepDays: 1, basis: { fr: "x" } } }),
      "unrecognized_keys",
      "evidence.basis",
    ],
    [
      "a country by name",
      changed({ storageLocations: ["China"] }),
      "invalid_format",
      "storageLocations.*",
    ],
    [
      "no such class of sensitive data",
      changed({ categories: { phone: { ...phone, sensitive: "toString" } } }),
      "invalid_value",
      "categories.*.sensitive",
    ],
    [
      "a Weixin key that is none",
      changed({ categories: { phone: { ...phone, weixinPrivacyKey: "custom:" } } }),
      "invalid_union",
      "categories.*.weixinPrivacyKey",
    ],
    [
      "an unknown way to consent",
      changed({ purposes: { delivery: { ...delivery, consentKind: "implied" } } }),
      "invalid_value",
      "purposes.*.consentKind",
    ],
    [
      "a misspelt member of a purpose",
      changed({ purposes: { delivery: { ...delivery, retension: {} } } }),
      "unrecognized_keys",
      "purposes.*",
    ],
    ["a list for a table", changed({ recipients: [] }), "invalid_type", "recipients"],
  ])("refuses %s, naming the place", (_title, input, code, schemaPath) => {
    const error = refusal(input);
    expect(error.code).toBe("ERR_POLICY_INVALID");
    expect(error.issues).toEqual([{ code, schemaPath }]);
  });

  it("repeats neither a value nor a key of the input", () => {
    const secret = fc.stringMatching(/^marker[a-z0-9]{8}$/);
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom("categories", "recipients", "purposes"),
        (word, table) => {
          const inputs = [
            { [word]: 1 },
            { id: { [word]: word }, languages: [word] },
            { [table]: { [word]: { [word]: word } } },
            { [table]: { [word]: { label: { [word]: word } } } },
          ];
          for (const input of inputs) {
            const error = refusal(changed(input));
            expect(
              `${error.message} ${JSON.stringify(error)} ${String(error.cause)}`,
            ).not.toContain(word);
          }
        },
      ),
    );
  });

  it("takes an id `__proto__` for no definition, so that what refers to it is found", () => {
    const input = JSON.stringify(wholePolicy).replace('"phone":{', '"__proto__":{');
    const parsed = parsePolicy(JSON.parse(input));
    expect(Object.getPrototypeOf(parsed.categories)).toBe(Object.prototype);
    expect(checkPolicy(parsed).map(({ code }) => code)).toContain("unknown-reference");
  });

  it("leaves what only values show to checkPolicy", () => {
    const parsed = parsePolicy(changed({ recipients: {} }));
    expect(checkPolicy(parsed)[0]).toMatchObject({
      code: "unknown-reference",
      path: "purposes.delivery.recipients.0",
    });
  });
});
