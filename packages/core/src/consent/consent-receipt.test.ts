import { describe, expect, it } from "vitest";
import { soundPolicy } from "../policy/policy.fixture.ts";
import { purposeDigest } from "../policy/policy-digest.ts";
import type { ConsentEvent } from "./consent-event.ts";
import { consentEvent } from "./consent-event.fixture.ts";
import { consentReceipt } from "./consent-receipt.ts";
import { parseConsentReceipt } from "./parse-consent-receipt.ts";

const event = consentEvent({ purposeDigest: purposeDigest(soundPolicy, "delivery") });
const receipt = (change: Partial<ConsentEvent> = {}) =>
  consentReceipt({ ...event, ...change }, soundPolicy, {
    receiptId: "receipt",
    issuedAt: event.recordedAt,
    keyThumbprint: "A".repeat(43),
    leafDigest: "0".repeat(64),
    basePath: "/privacy",
  });

describe("consentReceipt", () => {
  it("PIPL-15: says how to withdraw, in one call", () => {
    expect(receipt().withdrawal).toEqual({ method: "api", path: "/privacy/consents/delivery" });
  });

  it("names what was consented to and nobody: it reads back, without the subject's reference", () => {
    expect(parseConsentReceipt(structuredClone(receipt()))).toEqual(receipt());
    expect(JSON.stringify(receipt())).not.toContain("subjectRef");
    expect(receipt()).toMatchObject({
      purpose: { id: "delivery", digest: event.purposeDigest },
      status: "given",
      policy: event.policy,
    });
  });

  it("refuses a purpose the policy does not have", () => {
    expect(() => receipt({ purpose: "other" })).toThrow(RangeError);
  });
});
