import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConsentStatus } from "../consent/consent-status.ts";
import type { CategoryDefinition, Policy, RecipientDefinition } from "../policy/policy.ts";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import { consent, facts, NOW } from "./access-facts.fixture.ts";
import { accessFacts } from "./access-facts.ts";
import type { AccessQuery } from "./access-query.ts";
import { decideAccess, requireAccess } from "./decide-access.ts";
import type { PlatformAuthorization } from "./platform-authorization.ts";
import type { OrderScope } from "./platform-order.ts";

const source = { title: "letter", date: "2026-10-01", confidence: "official" } as const;
const written = (
  use: "marketing" | "sharing" | "transfer",
  change: object = {},
): PlatformAuthorization => ({
  id: `w-${use}`,
  platform: "weixin",
  kind: "written-consent",
  use,
  source,
  ...change,
});

const withCategory = (id: string, change: Partial<CategoryDefinition>): Policy => ({
  ...soundPolicy,
  categories: { ...soundPolicy.categories, [id]: { ...soundPolicy.categories[id]!, ...change } },
});

describe("decideAccess", () => {
  const decide = (query: AccessQuery, known = facts(), policy = soundPolicy) =>
    decideAccess(policy, query, known, NOW);
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
      "WX-4.4.4a, WX-4.4.4b: an unknown purpose",
      [{ purpose: "other", categories: [] }],
      "purpose-unknown",
      ["WX-4.4.4a", "WX-4.4.4b"],
    ],
    [
      "WX-4.4.4a: a member of the prototype",
      [{ purpose: "toString", categories: [] }],
      "purpose-unknown",
      ["WX-4.4.4a", "WX-4.4.4b"],
    ],
    [
      "WX-4.4.4a: a category of another purpose beside its own",
      [{ purpose: "delivery", categories: ["phone", "allergy"] }],
      "category-not-in-purpose",
      ["WX-4.4.4a", "WX-4.4.4b"],
    ],
    [
      "WX-4.5c, WX-4.9a, WX-4.9c, WC-3.8c, PIPL-23: a recipient the purpose does not name",
      [{ ...delivery, recipient: "other" }],
      "recipient-not-listed",
      ["WX-4.4.4b", "WX-4.5c", "PIPL-23"],
    ],
    [
      "PIPL-23: any recipient of a purpose that names none",
      [{ purpose: "kitchen", categories: ["allergy"], recipient: "courier" }],
      "recipient-not-listed",
      ["WX-4.4.4b", "WX-4.5c", "PIPL-23"],
    ],
    [
      "WX-4.4.4b: facts that never say how old they are",
      [delivery, facts({ freshUntil: Number.NaN })],
      "facts-too-old",
      ["WX-4.4.4b"],
    ],
    [
      "WX-4.4.4b: facts that are too old",
      [delivery, facts({ freshUntil: NOW })],
      "facts-too-old",
      ["WX-4.4.4b"],
    ],
    [
      "PIPL-44, PIPL-47: a restricted subject",
      [delivery, facts({ restricted: true })],
      "subject-restricted",
      ["PIPL-44", "PIPL-47"],
    ],
    [
      "WX-4.4.3, WX-4.5b, PIPL-13: a consent nobody knows of",
      [delivery, facts({ records: [] })],
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

  it.each([
    ["marketing", ["WX-4.6"]],
    ["sharing", ["WX-4.4.9b", "WX-4.5c", "WX-4.9c"]],
    ["transfer", ["WX-4.4.9a", "WX-4.9c"]],
  ] as const)(
    "WX-4.6, WX-4.9c: %s with typed data of a mini-program needs the platform's consent too",
    (use, obligations) => {
      const policy = withPurpose("delivery", { use });
      expect(decide(delivery, facts(), policy)).toEqual({
        permitted: false,
        reason: "platform-authorization-missing",
        obligations,
      });
      const authorizations = [written(use)];
      expect(decide(delivery, facts({ authorizations }), policy)).toMatchObject({
        permitted: true,
      });
      expect(decide(delivery, facts({ authorizations }, "refused"), policy)).toMatchObject({
        reason: "consent-refused",
      });
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
        const records = [consent("kitchen", "given"), consent("marketing", "given")];
        const known = facts({
          restricted,
          records: status ? [...records, consent("delivery", status)] : records,
          authorizations: [written("marketing"), written("sharing"), written("transfer")],
        });
        const policy = withPurpose("delivery", change);
        expect(decide({ purpose: "delivery", ...query }, known, policy).permitted).toBe(false);
      }),
    );
  });

  it("WX-4.6: data obtained elsewhere is marketed with on the subject's consent alone", () => {
    const policy = withPurpose("delivery", { use: "marketing" });
    const elsewhere = { phone: { collectedIn: "elsewhere" } } as const;
    expect(decide({ ...delivery, provenance: elsewhere }, facts(), policy)).toMatchObject({
      permitted: true,
    });
    expect(decide({ purpose: "delivery", categories: [] }, facts(), policy)).toMatchObject({
      reason: "platform-authorization-missing",
    });
  });

  it.each<[string, object, boolean]>([
    ["for this purpose and category", { purposes: ["delivery"], categories: ["phone"] }, true],
    ["for another purpose", { purposes: ["kitchen"] }, false],
    ["for another category", { categories: ["allergy"] }, false],
    ["for a recipient, who is not handed anything yet", { recipients: ["courier"] }, true],
    ["not begun", { validFrom: "2026-11-25T00:00:00Z" }, false],
    ["over", { validUntil: "2026-11-24T00:00:00Z" }, false],
    ["up to the moment after", { validUntil: "2026-11-24T00:00:00.001Z" }, true],
    ["whose end cannot be read", { validUntil: "someday" }, false],
    ["that is an instruction only", { kind: "instruction" }, false],
  ])("WX-4.6: counts a written consent %s", (_case, change, permitted) => {
    const policy = withPurpose("delivery", { use: "marketing" });
    const authorizations = [written("marketing", change)];
    expect(decide(delivery, facts({ authorizations }), policy).permitted).toBe(permitted);
  });

  it("WX-4.4.5a: platform data without a published instruction waits for one on file", () => {
    const policy = withCategory("phone", { source: "platform", weixinPrivacyKey: "custom:pager" });
    expect(decide(delivery, facts(), policy)).toEqual({
      permitted: false,
      reason: "platform-authorization-missing",
      obligations: ["WX-4.4.5a"],
    });
    const filed = { id: "i1", platform: "weixin", kind: "instruction", source } as const;
    expect(decide(delivery, facts({ authorizations: [filed] }), policy)).toMatchObject({
      permitted: true,
    });
    const typed = { ...delivery, provenance: { phone: { source: "subject" } } } as const;
    expect(decide(typed, facts(), policy)).toMatchObject({ permitted: true });
  });

  it.each<[string, Partial<CategoryDefinition>]>([
    ["of an interface", { weixinPrivacyKey: "PhoneNumber" }],
    ["of an interface whose key others tell", { weixinPrivacyKey: "Clipboard" }],
  ])("WX-4.4.5a: the published documents instruct the use of data %s", (_case, change) => {
    const policy = withCategory("phone", { source: "platform", ...change });
    expect(decide(delivery, facts(), policy)).toMatchObject({ permitted: true });
  });

  describe("recipients", () => {
    const to = (
      change: Partial<RecipientDefinition>,
      category: Partial<CategoryDefinition> = {},
    ) => {
      const policy = withCategory("phone", category);
      return {
        ...policy,
        recipients: { courier: { ...policy.recipients["courier"]!, ...change } },
      };
    };
    const handing = { ...delivery, recipient: "courier" };
    const platform = { source: "platform" } as const;

    it("WX-4.4.9b: platform data goes to another controller only with the platform's consent", () => {
      const policy = to({ role: "controller" }, platform);
      expect(decide(handing, facts(), policy)).toEqual({
        permitted: false,
        reason: "platform-authorization-missing",
        obligations: ["WX-4.4.9b", "WX-4.5c", "WX-4.9c"],
      });
      const authorizations = [written("sharing", { recipients: ["courier"] })];
      expect(decide(handing, facts({ authorizations }), policy)).toMatchObject({ permitted: true });
      const others = [written("sharing", { recipients: ["printer"] })];
      expect(decide(handing, facts({ authorizations: others }), policy)).toMatchObject({
        permitted: false,
      });
      expect(decide(handing, facts(), to({ role: "controller" }))).toMatchObject({
        permitted: true,
      });
      expect(decide(handing, facts(), to({ role: "processor" }, platform))).toMatchObject({
        permitted: true,
      });
    });

    it("WX-4.4.9a: platform data goes abroad only with the platform's consent, to a processor too", () => {
      const policy = to({ country: "SG" }, platform);
      expect(decide(handing, facts(), policy)).toEqual({
        permitted: false,
        reason: "transfer-abroad-not-authorized",
        obligations: ["WX-4.4.9a", "WX-4.9c"],
      });
      expect(decide({ ...handing, abroad: false }, facts(), policy)).toMatchObject({
        permitted: false,
      });
      expect(
        decide(handing, facts({ authorizations: [written("transfer")] }), policy),
      ).toMatchObject({ permitted: true });
      expect(decide(handing, facts(), to({ country: "SG" }))).toMatchObject({ permitted: true });
    });

    it("WX-4.4.9c, PIPL-38, PIPL-39: data leaves the country only where the policy says so, whatever the platform says", () => {
      const authorizations = [written("transfer")];
      expect(decide({ ...handing, abroad: true }, facts({ authorizations }))).toMatchObject({
        reason: "transfer-abroad-not-authorized",
      });
      expect(decide({ ...handing, abroad: true })).toEqual({
        permitted: false,
        reason: "transfer-abroad-not-authorized",
        obligations: ["PIPL-38", "PIPL-39"],
      });
      expect(
        decide({ ...delivery, abroad: true }, facts(), {
          ...soundPolicy,
          storageLocations: ["SG"],
        }),
      ).toMatchObject({ permitted: true });
    });
  });

  it("WC-3.8b: one tenant's facts open nothing of another tenant's", () => {
    expect(decide({ ...delivery, tenant: "b" }, facts({ tenant: "a" }))).toEqual({
      permitted: false,
      reason: "tenant-mismatch",
      obligations: ["WX-4.4.4b", "WC-3.8b"],
    });
    expect(decide({ ...delivery, tenant: "a" }, facts({ tenant: "a" }))).toMatchObject({
      permitted: true,
    });
  });

  describe("orders of the platform", () => {
    const ordered = (closes: OrderScope) => facts({ orders: [{ id: "o1", closes }] });

    it.each<[OrderScope, boolean]>([
      [{ category: "phone" }, true],
      [{ category: "allergy" }, false],
      [{ purpose: "delivery" }, true],
      [{ purpose: "kitchen" }, false],
      [{ source: "subject" }, true],
      [{ source: "platform" }, false],
      [{ collectedIn: "weixin" }, true],
      [{ collectedIn: "elsewhere" }, false],
      [{ category: "phone", purpose: "delivery" }, true],
      [{ category: "phone", purpose: "kitchen" }, false],
      ["tenant", true],
      [{}, true],
    ])("WX-4.7a: %j", (closes, closed) => {
      const obligations = closes === "tenant" ? ["WX-4.7a", "WX-4.10b"] : ["WX-4.7a"];
      expect(decide(delivery, ordered(closes))).toEqual(
        closed
          ? { permitted: false, reason: "platform-order-in-force", obligations }
          : expect.objectContaining({ permitted: true }),
      );
    });

    it("WX-4.10b: an order for everything closes what holds no category, but no legal duty", () => {
      expect(decide({ purpose: "delivery", categories: [] }, ordered("tenant"))).toMatchObject({
        reason: "platform-order-in-force",
      });
      const duty = withPurpose("delivery", { basis: "legal-duty" });
      expect(decide(delivery, ordered("tenant"), duty)).toMatchObject({ permitted: true });
    });
  });

  it("PIPL-47: of an erased subject only what a law keeps is used, for that law", () => {
    const holds = [{ category: "phone", until: "2027-01-01T00:00:00Z" }];
    const duty = withPurpose("delivery", { basis: "legal-duty" });
    expect(decide(delivery, facts({ erased: true, holds }))).toEqual({
      permitted: false,
      reason: "subject-erased",
      obligations: ["WX-4.4.7c", "PIPL-47"],
    });
    expect(decide(delivery, facts({ erased: true }), duty)).toMatchObject({
      reason: "subject-erased",
    });
    expect(decide(delivery, facts({ erased: true, holds }), duty)).toMatchObject({
      permitted: true,
    });
    const over = [{ category: "phone", until: "2026-11-24T00:00:00Z" }];
    expect(decide(delivery, facts({ erased: true, holds: over }), duty)).toMatchObject({
      reason: "subject-erased",
    });
  });

  it("PIPL-19: retention counts from the subject's latest moment, and a hold outlasts it for its law", () => {
    const closed = (at: string) => ({ "order-closed": at });
    expect(decide(delivery, facts({ anchors: closed("2026-11-01T00:00:00Z") }))).toMatchObject({
      permitted: true,
    });
    const anchors = closed("2026-01-01T00:00:00Z");
    expect(decide(delivery, facts({ anchors }))).toMatchObject({ reason: "retention-over" });
    expect(decide(delivery, facts({ anchors: closed("garbage") }))).toMatchObject({
      reason: "retention-over",
    });
    const duty = withPurpose("delivery", { basis: "legal-duty" });
    const holds = [{ category: "phone", until: "2027-01-01T00:00:00Z" }];
    expect(decide(delivery, facts({ anchors }), duty)).toMatchObject({ reason: "retention-over" });
    expect(decide(delivery, facts({ anchors, holds }), duty)).toMatchObject({ permitted: true });
  });

  it("PIPL-14: a consent ends at its moment, not when somebody looks again", () => {
    const until = (at: string) =>
      facts({
        records: [consent("delivery", "given", { from: "2026-11-01T00:00:00Z", until: at })],
      });
    expect(decide(delivery, until("2026-11-24T00:00:00.001Z"))).toMatchObject({ permitted: true });
    for (const at of ["2026-11-24T00:00:00Z", "garbage"])
      expect(decide(delivery, until(at))).toMatchObject({ reason: "consent-expired" });
  });

  it("WX-4.4.3: a legacy consent without an end permits nothing", () => {
    const records = [consent("delivery", "legacy", { from: "2026-11-01T00:00:00Z" })];
    expect(decide(delivery, facts({ records }))).toMatchObject({ reason: "consent-expired" });
  });

  it.each([
    ["separate", "explicit", "separate-consent-missing", ["PIPL-14", "PIPL-29", "REG-22"]],
    ["written", "separate", "separate-consent-missing", ["PIPL-14", "PIPL-29", "REG-22"]],
    ["guardian", "separate", "guardian-consent-missing", ["PIPL-31"]],
  ] as const)(
    "PIPL-29, PIPL-31: a purpose that needs %s consent takes none that is %s",
    (consentKind, given, reason, obligations) => {
      const policy = withPurpose("delivery", { consentKind });
      const of = (kind: typeof given | typeof consentKind) =>
        facts({ records: [{ ...consent("delivery", "given"), consentKind: kind }] });
      expect(decide(delivery, of(given), policy)).toEqual({
        permitted: false,
        reason,
        obligations,
      });
      expect(decide(delivery, of(consentKind), policy)).toMatchObject({ permitted: true });
    },
  );

  it("of two records of one purpose takes the one that denies", () => {
    for (const records of [
      [consent("delivery", "given"), consent("delivery", "withdrawn")],
      [consent("delivery", "withdrawn"), consent("delivery", "given")],
    ])
      expect(decide(delivery, facts({ records }))).toMatchObject({ reason: "consent-withdrawn" });
  });

  it("decides over thousands of purposes as over three", () => {
    const { delivery: one } = soundPolicy.purposes;
    const purposes = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, one!]));
    const policy = { ...soundPolicy, purposes };
    const records = [consent("p4999", "given")];
    const known = accessFacts({ subjectId: "lin", records, freshUntil: NOW + 1 });
    const ask = (purpose: string) => decide({ purpose, categories: ["phone"] }, known, policy);
    expect(ask("p4999")).toMatchObject({ permitted: true });
    expect(ask("p1")).toMatchObject({ reason: "consent-missing" });
    expect(decide({ purpose: "p4999", categories: ["allergy"] }, known, policy)).toMatchObject({
      reason: "category-not-in-purpose",
    });
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
