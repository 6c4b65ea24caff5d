import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consentEvent as event } from "./consent-event.fixture.ts";
import { servedNotice } from "./consent-record.fixture.ts";
import { parseConsentEvent } from "./parse-consent-event.ts";

const refused = expect.objectContaining({ code: "ERR_INPUT_INVALID" });
const whole = event({
  device: "a",
  notice: servedNotice,
  validUntil: "2028-01-01T00:00:00.000Z",
  ageBand: "under-14",
  guardian: { relation: "guardian", verification: "signed-form" },
  written: { documentDigest: "c".repeat(64), method: "electronic-signature" },
  evidence: "form of 2024",
  origin: { recordId: "device-record" },
});

describe("parseConsentEvent", () => {
  it("reads what consentStatus goes by, whole or without what may be left out", () => {
    for (const each of [event(), whole, event({ status: "refused", signal: "gpc" })])
      expect(parseConsentEvent(structuredClone(each))).toEqual(each);
  });

  it("takes a device's clock as claimed, ahead, behind and in its own zone", () => {
    for (const claimedAt of ["1970-01-01T00:00:00Z", "2099-12-31T23:59:59+08:00"])
      expect(parseConsentEvent(event({ claimedAt })).claimedAt).toBe(claimedAt);
  });

  it.each<[string, object]>([
    ["another version", { schemaVersion: "2" }],
    ["an unknown member", { permitted: true }],
    ["a status that is none", { status: "granted" }],
    ["a moment that is none", { recordedAt: "now" }],
    ["a counter below zero", { counter: -1 }],
    ["a counter that is no whole number", { counter: 0.5 }],
    ["a counter beyond whole numbers", { counter: 2 ** 60 }],
    ["a counter that is no number", { counter: Number.NaN }],
    ["a digest cut short", { purposeDigest: "0".repeat(63) }],
    ["an end that is none", { validUntil: "never" }],
    ["a surface with a space", { notice: { ...servedNotice, surface: "a b" } }],
    ["an empty id", { decisionId: "" }],
    ["a signal on a grant", { signal: "gpc" }],
    ["a platform's agreement on a refusal", { status: "refused", platformAgreement: "same-act" }],
    ["a legacy consent without an end", { status: "legacy", evidence: "form" }],
    [
      "a legacy consent without evidence",
      { status: "legacy", validUntil: "2028-01-01T00:00:00.000Z" },
    ],
    ["a guardian with a name", { guardian: { ...whole.guardian, name: "Lin" } }],
  ])("refuses %s", (_, change) => {
    expect(() => parseConsentEvent({ ...event(), ...change })).toThrow(refused);
  });

  it("refuses an event cut short, whichever of its required members is missing", () => {
    for (const name of Object.keys(event())) {
      const { [name]: _, ...rest } = event() as unknown as Record<string, unknown>;
      expect(() => parseConsentEvent(rest)).toThrow(refused);
    }
  });

  it("reads an event or refuses it with our error, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(whole)), (value, name) => {
        for (const input of [value, { ...whole, [name]: value }]) {
          try {
            expect(parseConsentEvent(input)).toEqual(input);
          } catch (error) {
            expect(error).toEqual(refused);
          }
        }
      }),
    );
  });
});
