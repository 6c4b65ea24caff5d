import {
  clientPolicy,
  definePolicy,
  type parsePolicy,
  type Policy,
  personal,
  personalRecord,
  subject,
} from "@miniprivacy/core/policy";
import * as z from "zod/mini";
import { assertType, type Equal } from "./equal.ts";
import { policy } from "./shop.ts";

const label = { en: "x" };
const named = {
  id: "x",
  version: "1",
  languages: ["en"],
  controller: { name: label, country: "CN", contact: { email: "a@shop.example" } },
} as const;
const purpose = { label, text: label, basis: "consent", necessity: "optional" } as const;

definePolicy({
  ...named,
  categories: { phone: { label, source: "subject" } },
  recipients: { c: { name: label, country: "CN", role: "processor", contact: {} } },
  purposes: {
    // @ts-expect-error undeclared category
    a: { ...purpose, categories: ["fone"] },
    // @ts-expect-error undeclared recipient
    b: { ...purpose, categories: ["phone"], recipients: ["d"] },
    // @ts-expect-error no such way to consent
    c: { ...purpose, categories: ["phone"], consentKind: "implied" },
  },
});
definePolicy({
  ...named,
  languages: ["zh-CN", "en"],
  controller: { ...named.controller, name: { "zh-CN": "店", en: "x" } },
  // @ts-expect-error the zh-CN text is missing
  categories: { phone: { label: { en: "x" }, source: "subject" } },
  recipients: {},
  purposes: {},
});
definePolicy({
  ...named,
  // @ts-expect-error no such class of sensitive data
  categories: { phone: { label, source: "subject", sensitive: "helth" } },
  recipients: {},
  purposes: {},
});
definePolicy({
  ...named,
  // @ts-expect-error a language nobody writes notices in
  languages: ["fr"],
  categories: {},
  recipients: {},
  purposes: {},
});

const fields = { who: subject(z.string()), a: personal("phon", z.string()) };
// @ts-expect-error no such category
personalRecord(policy, "x", fields);

// a policy in one language is a policy
definePolicy({ ...named, categories: {}, recipients: {}, purposes: {} }) satisfies Policy;
policy satisfies Policy;
clientPolicy(policy);

// what was read from JSON is a policy, and nothing more is known of it
assertType<Equal<ReturnType<typeof parsePolicy>, Policy>>();
assertType<Equal<Parameters<typeof parsePolicy>, [input: unknown]>>();

definePolicy({
  ...named,
  categories: { phone: { label, source: "subject" } },
  recipients: {},
  // @ts-expect-error an SDK takes an undeclared category
  sdks: { maps: { name: label, categories: ["fone"], purpose: "a" } },
  purposes: { a: { ...purpose, categories: ["phone"] } },
});
definePolicy({
  ...named,
  categories: { phone: { label, source: "subject" } },
  recipients: {},
  // @ts-expect-error a hold on an undeclared category
  holds: { tax: { law: label, categories: ["fone"], days: 1, from: "order-closed" } },
  purposes: { a: { ...purpose, categories: ["phone"] } },
});
definePolicy({
  ...named,
  // @ts-expect-error a key the Weixin privacy guide does not have
  categories: { phone: { label, source: "subject", weixinPrivacyKey: "Phone" } },
  recipients: {},
  purposes: {},
});
