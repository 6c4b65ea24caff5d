import { describe, expect, it } from "vitest";
import { clientPolicy } from "./client-policy.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import { policyDigest, purposeDigest } from "./policy-digest.ts";

describe("clientPolicy", () => {
  it("is bound to the policy and holds what a device decides by, no text but labels", () => {
    const client = clientPolicy(soundPolicy);
    expect(client.digest).toBe(policyDigest(soundPolicy));
    expect(client.purposes["kitchen"]).toEqual({
      label: { "zh-CN": "中文Kitchen", en: "Kitchen" },
      categories: ["allergy"],
      consentKind: "separate",
      necessity: "optional",
      use: "service",
      digest: purposeDigest(soundPolicy, "kitchen"),
    });
    expect(client.categories["phone"]).toEqual({
      source: "subject",
      weixinPrivacyKey: "PhoneNumber",
    });
    expect(client.categories["allergy"]).toEqual({
      source: "subject",
      sensitive: "health.allergy-fertility",
    });
    expect(JSON.stringify(client)).not.toContain("To deliver the order");
    expect(JSON.stringify(client)).not.toContain("privacy@shop.example");
  });

  it("names the SDKs with the purpose that starts and stops them, and nothing else of them", () => {
    const maps = {
      name: { "zh-CN": "地图", en: "Maps" },
      categories: ["phone"],
      purpose: "delivery",
    };
    const client = clientPolicy({ ...soundPolicy, sdks: { maps } });
    expect(client.sdks).toEqual({ maps: { purpose: "delivery" } });
    expect(clientPolicy(soundPolicy).sdks).toEqual({});
  });

  it("fills in what a policy may leave out, so that a device has no defaults of its own", () => {
    expect(clientPolicy(soundPolicy).purposes["delivery"]).toMatchObject({
      consentKind: "explicit",
      use: "service",
    });
  });

  it("TC-D6.1: says where the age is asked", () => {
    const tcmpp = { guard: "block" } as const;
    const asks = (change: object) => clientPolicy({ ...soundPolicy, ...change }).asksAge;
    expect(asks({ platforms: { tcmpp: { ...tcmpp, minimumAge: "ask" } } })).toBe(true);
    expect(asks({ platforms: { tcmpp: { ...tcmpp, minimumAge: "host-states" } } })).toBeUndefined();
    expect(asks({ audience: { minors: "possible" } })).toBe(true);
    expect(asks({ audience: { minors: "excluded" } })).toBeUndefined();
    expect(asks({})).toBeUndefined();
  });

  it("is JSON, and gives the same digest as the policy it was made from after a change", () => {
    const changed = withPurpose("delivery", { necessity: "optional" });
    const client = clientPolicy(changed);
    expect(JSON.parse(JSON.stringify(client))).toEqual(client);
    expect(client.digest).toBe(policyDigest(changed));
    expect(client.digest).not.toBe(clientPolicy(soundPolicy).digest);
    expect(client.purposes["kitchen"]).toEqual(clientPolicy(soundPolicy).purposes["kitchen"]);
  });
});
