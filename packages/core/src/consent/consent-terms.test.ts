import { describe, expect, it } from "vitest";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import { consentTerms } from "./consent-terms.ts";

const text = (en: string) => ({ "zh-CN": `中文${en}`, en });

describe("consentTerms", () => {
  it("says what the policy says of one purpose, with what it leaves out filled in", () => {
    expect(consentTerms(soundPolicy, "delivery")).toEqual({
      controller: soundPolicy.controller,
      jurisdiction: "CN",
      purpose: {
        id: "delivery",
        label: text("Delivery"),
        text: text("To deliver the order"),
        necessity: "necessary",
        use: "service",
      },
      legalBasis: "consent",
      consentKind: "explicit",
      dataCategories: [{ id: "phone", label: text("Phone") }],
      processingMethods: ["collect", "store", "use", "transmit"],
      storageLocations: ["CN"],
      recipients: [{ id: "courier", ...soundPolicy.recipients["courier"] }],
      retention: { days: 180, from: "order-closed", then: "erase" },
      weixin: { appId: "wx0", privacyKeys: ["PhoneNumber"] },
    });
    const { platforms: _, ...elsewhere } = soundPolicy;
    expect(consentTerms(elsewhere, "delivery").weixin).toBeUndefined();
  });

  it("carries what was said of sensitive data", () => {
    const terms = consentTerms(soundPolicy, "kitchen");
    expect(terms.sensitiveNotice).toEqual(soundPolicy.purposes["kitchen"]?.sensitiveNotice);
    expect(terms.dataCategories[0]?.sensitive).toBe("health.allergy-fertility");
  });

  it("names the operators of the SDKs that serve the purpose, with what they get, nobody twice", () => {
    const maps = { ...soundPolicy.recipients["courier"]!, name: text("Maps") };
    const sdk = (purpose: string, recipient: string, category: string) => ({
      name: text("SDK"),
      purpose,
      recipient,
      categories: [category],
    });
    const policy = {
      ...withPurpose("delivery", { categories: ["phone", "allergy"] }),
      recipients: { ...soundPolicy.recipients, maps },
      sdks: {
        one: sdk("delivery", "maps", "phone"),
        two: sdk("delivery", "maps", "allergy"),
        three: sdk("delivery", "courier", "phone"),
        four: sdk("kitchen", "maps", "allergy"),
      },
    };
    const { recipients } = consentTerms(policy, "delivery");
    expect(recipients.map(({ id, categories }) => [id, categories])).toEqual([
      ["courier", undefined],
      ["maps", ["phone", "allergy"]],
    ]);
  });

  it("refuses a purpose the policy does not have", () => {
    expect(() => consentTerms(soundPolicy, "other")).toThrow(RangeError);
    expect(() => consentTerms(soundPolicy, "toString")).toThrow(RangeError);
  });
});
