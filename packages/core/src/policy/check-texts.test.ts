import { describe, expect, it } from "vitest";
import { checkTexts } from "./check-texts.ts";
import { soundPolicy } from "./policy.fixture.ts";
import type { Contact, Policy } from "./policy.ts";

const name = { "zh-CN": "名", en: "name" };
/** Has a text wherever a policy can have one. */
const full: Policy = {
  ...soundPolicy,
  processor: { ...soundPolicy.controller, name },
  sdks: { maps: { name, categories: ["phone"], purpose: "delivery" } },
  holds: { tax: { law: name, categories: ["phone"], days: 3650, from: "order-closed" } },
  evidence: { keepDays: 1095, basis: name },
};
const obligations = ["WX-4.4.2a", "PIPL-17"];

describe("checkTexts", () => {
  it("WX-4.4.2a, PIPL-17: misses any text there can be, where it is not in every language", () => {
    const paths = textPaths(full);
    expect(paths).toHaveLength(14);
    for (const path of paths) {
      expect(checkTexts(withoutEnglish(full, path))).toEqual([
        { code: "text-missing", severity: "error", path: `${path}.en`, obligations },
      ]);
    }
  });

  it("PIPL-17: needs one way to reach any party, not every way", () => {
    const reached = (contact: Contact): readonly Policy[] => [
      { ...full, controller: { ...full.controller, contact } },
      { ...full, processor: { ...full.processor!, contact } },
      { ...full, recipients: { courier: { ...full.recipients["courier"]!, contact } } },
    ];
    for (const policy of reached({ email: "", phone: "400-1" }))
      expect(checkTexts(policy)).toEqual([]);
    for (const contact of [{}, { email: " " }]) {
      const paths = reached(contact).flatMap((policy) =>
        checkTexts(policy).map(({ path }) => path),
      );
      expect(paths).toEqual([
        "controller.contact",
        "processor.contact",
        "recipients.courier.contact",
      ]);
    }
  });
});

/** Where a text in several languages stands, at any depth. */
function textPaths(value: object, path = ""): readonly string[] {
  if ("zh-CN" in value) return [path];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    typeof member === "object" && member !== null
      ? textPaths(member, path === "" ? key : `${path}.${key}`)
      : [],
  );
}

/** The policy with one of its texts blank in English. */
function withoutEnglish(policy: Policy, path: string): Policy {
  const changed = JSON.parse(JSON.stringify(policy)) as Policy;
  const text = path
    .split(".")
    .reduce<object>((value, key) => (value as { [key: string]: object })[key]!, changed);
  Object.assign(text, { en: " " });
  return changed;
}
