import { describe, expect, it } from "vitest";
import type { ConsentStatus } from "../consent/consent-status.ts";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import { facts, NOW } from "./access-facts.fixture.ts";
import type { KnownFacts } from "./access-facts.ts";
import { decideAccess } from "./decide-access.ts";

const observeUntil = NOW + 1000;
const delivery = { purpose: "delivery", categories: ["phone"] };
const observe = (change: Partial<KnownFacts>, status?: ConsentStatus, query = delivery) =>
  decideAccess(soundPolicy, query, facts({ observeUntil, ...change }, status), NOW);

describe("observing", () => {
  it.each<[ConsentStatus, string]>([
    ["unknown", "consent-missing"],
    ["expired", "consent-expired"],
    ["invalidated", "consent-for-older-notice"],
  ])(
    "WX-4.4.3: lets through what is denied for a consent that is %s, with the reason",
    (status, reason) => {
      expect(observe({}, status)).toEqual({ permitted: true, ground: "observed", reason });
    },
  );

  it("WX-4.6: lets marketing through without the platform's consent, with the reason", () => {
    const policy = withPurpose("delivery", { use: "marketing" });
    expect(decideAccess(policy, delivery, facts({ observeUntil }), NOW)).toEqual({
      permitted: true,
      ground: "observed",
      reason: "platform-authorization-missing",
    });
  });

  it.each<ConsentStatus>(["refused", "withdrawn", "revoked"])(
    "WX-4.4.4d: never passes over what a person said: %s",
    (status) => {
      expect(observe({}, status)).toMatchObject({ permitted: false });
    },
  );

  it("PIPL-44: never passes over a restriction", () => {
    expect(observe({ restricted: true })).toMatchObject({ reason: "subject-restricted" });
  });

  it("WX-4.4.4a: never opens what the policy does not declare", () => {
    expect(observe({}, "given", { purpose: "other", categories: [] })).toMatchObject({
      reason: "purpose-unknown",
    });
    expect(observe({}, "given", { purpose: "delivery", categories: ["allergy"] })).toMatchObject({
      reason: "category-not-in-purpose",
    });
  });

  it("never uses facts that are too old", () => {
    expect(observe({ freshUntil: NOW })).toMatchObject({ reason: "facts-too-old" });
  });

  it("ends at its date", () => {
    expect(observe({ observeUntil: NOW }, "unknown")).toMatchObject({ reason: "consent-missing" });
    expect(observe({ observeUntil: Number.NaN }, "unknown")).toMatchObject({ permitted: false });
  });

  it("is not mentioned where nothing would be denied", () => {
    expect(observe({})).toMatchObject({ ground: "consent" });
  });
});
