import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConsentStatus } from "../consent/consent-status.ts";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import { facts, NOW } from "./access-facts.fixture.ts";
import { decideAccess, requireAccess } from "./decide-access.ts";

describe("decideAccess", () => {
  const decide = (
    query: { purpose: string; categories: readonly string[]; recipient?: string },
    known = facts(),
    policy = soundPolicy,
  ) => decideAccess(policy, query, known, NOW);
  const delivery = { purpose: "delivery", categories: ["phone"] };

  it("WX-4.4.3: permits on a consent in force, and names it", () => {
    expect(decide(delivery)).toEqual({
      permitted: true,
      ground: "consent",
      consentId: "record-delivery",
    });
  });

  it.each<[ConsentStatus, string, readonly string[]]>([
    ["unknown", "consent-missing", ["WX-4.4.3", "PIPL-13"]],
    ["requested", "consent-missing", ["WX-4.4.3", "PIPL-13"]],
    ["deferred", "consent-missing", ["WX-4.4.3", "PIPL-13"]],
    ["refused", "consent-refused", ["WX-4.4.3", "PIPL-14"]],
    ["withdrawn", "consent-withdrawn", ["WX-4.4.4d", "PIPL-15"]],
    ["revoked", "consent-withdrawn", ["WX-4.4.4d", "PIPL-15"]],
    ["expired", "consent-expired", ["PIPL-14"]],
    ["invalidated", "consent-for-older-notice", ["WX-4.4.3", "PIPL-14"]],
  ])("denies a consent that is %s", (status, reason, obligations) => {
    expect(decide(delivery, facts({}, status))).toEqual({ permitted: false, reason, obligations });
  });

  it.each<[string, Parameters<typeof decide>, string, readonly string[]]>([
    [
      "WX-4.4.4a: an unknown purpose",
      [{ purpose: "other", categories: [] }],
      "purpose-unknown",
      ["WX-4.4.4a"],
    ],
    [
      "WX-4.4.4a: a member of the prototype",
      [{ purpose: "toString", categories: [] }],
      "purpose-unknown",
      ["WX-4.4.4a"],
    ],
    [
      "WX-4.4.4a: a category of another purpose beside its own",
      [{ purpose: "delivery", categories: ["phone", "allergy"] }],
      "category-not-in-purpose",
      ["WX-4.4.4a"],
    ],
    [
      "PIPL-23: a recipient the purpose does not name",
      [{ ...delivery, recipient: "other" }],
      "recipient-not-listed",
      ["PIPL-23"],
    ],
    [
      "PIPL-23: any recipient of a purpose that names none",
      [{ purpose: "kitchen", categories: ["allergy"], recipient: "courier" }],
      "recipient-not-listed",
      ["PIPL-23"],
    ],
    [
      "WX-4.4.4a: facts that never say how old they are",
      [delivery, facts({ freshUntil: Number.NaN })],
      "facts-too-old",
      ["WX-4.4.4a"],
    ],
    [
      "WX-4.4.4a: facts that are too old",
      [delivery, facts({ freshUntil: NOW })],
      "facts-too-old",
      ["WX-4.4.4a"],
    ],
    [
      "PIPL-44, PIPL-47: a restricted subject",
      [delivery, facts({ restricted: true })],
      "subject-restricted",
      ["PIPL-44", "PIPL-47"],
    ],
    [
      "WX-4.4.3, PIPL-13: a consent nobody knows of",
      [delivery, facts({ consents: new Map() })],
      "consent-missing",
      ["WX-4.4.3", "PIPL-13"],
    ],
  ])("denies %s", (_title, query, reason, obligations) => {
    expect(decide(...query)).toEqual({ permitted: false, reason, obligations });
  });

  it("permits a recipient the purpose names", () => {
    expect(decide({ ...delivery, recipient: "courier" })).toMatchObject({ permitted: true });
  });

  it.each<ConsentStatus>(["given", "renewed", "legacy"])(
    "TC-D6.4a: permits on a consent %s",
    (status) => {
      expect(decide(delivery, facts({}, status))).toMatchObject({ permitted: true });
    },
  );

  it.each(["marketing", "sharing", "transfer"] as const)(
    "WX-4.6: %s needs the platform's consent beside the subject's",
    (use) => {
      const policy = withPurpose("delivery", { use });
      expect(decide(delivery, facts(), policy)).toEqual({
        permitted: false,
        reason: "platform-authorization-missing",
        obligations: ["WX-4.6"],
      });
      expect(decide(delivery, facts({ authorizations: new Set([use]) }), policy)).toMatchObject({
        permitted: true,
      });
      expect(
        decide(delivery, facts({ authorizations: new Set([use]) }, "refused"), policy),
      ).toMatchObject({ reason: "consent-refused" });
    },
  );

  it("permits on another ground where the policy declares one", () => {
    const policy = withPurpose("delivery", { basis: "legal-duty" });
    const known = facts({ restricted: true }, "withdrawn");
    expect(decide(delivery, known, policy)).toEqual({
      permitted: true,
      ground: "legal-duty",
      reference: "delivery",
    });
    expect(
      decide(delivery, facts({ restricted: true }), withPurpose("delivery", { basis: "contract" })),
    ).toMatchObject({ reason: "subject-restricted" });
  });

  it("WX-4.6: needs nothing from a platform the policy does not run on", () => {
    const { platforms: _none, ...offPlatform } = withPurpose("delivery", { use: "marketing" });
    expect(decide(delivery, facts(), offPlatform)).toMatchObject({ permitted: true });
  });

  it("WX-4.4.3: without a permitting state permits nothing, whatever else holds", () => {
    const denying = fc.constantFrom<ConsentStatus | undefined>(
      undefined,
      "unknown",
      "requested",
      "deferred",
      "refused",
      "withdrawn",
      "expired",
      "revoked",
      "invalidated",
    );
    const definition = fc.record({
      use: fc.constantFrom("service", "marketing", "sharing", "transfer", "outside-program"),
      necessity: fc.constantFrom("necessary", "optional"),
      consentKind: fc.constantFrom("explicit", "separate", "written", "guardian"),
    } as const);
    const asked = fc.record(
      { categories: fc.subarray(["phone"]), recipient: fc.constant("courier") },
      { requiredKeys: ["categories"] },
    );
    fc.assert(
      fc.property(denying, definition, asked, fc.boolean(), (status, change, query, restricted) => {
        const others = [...facts().consents].filter(([id]) => id !== "delivery");
        const known = facts({
          restricted,
          consents: new Map(status ? [...others, ["delivery", { status }]] : others),
          authorizations: new Set(["marketing", "sharing", "transfer"]),
        });
        const policy = withPurpose("delivery", change);
        expect(decide({ purpose: "delivery", ...query }, known, policy).permitted).toBe(false);
      }),
    );
  });

  it("requireAccess throws with the reason", () => {
    expect(() => requireAccess(soundPolicy, delivery, facts({}, "refused"), NOW)).toThrow(
      expect.objectContaining({
        code: "ERR_ACCESS_DENIED",
        message: expect.stringContaining("(consent-refused)") as string,
      }) as Error,
    );
    expect(requireAccess(soundPolicy, delivery, facts(), NOW)).toMatchObject({ permitted: true });
  });
});
