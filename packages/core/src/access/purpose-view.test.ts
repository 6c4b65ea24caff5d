import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { ConsentStatus } from "../consent/consent-status.ts";
import {
  anchor,
  group,
  list,
  personal,
  personalRecord,
  plain,
  subject,
} from "../policy/personal-record.ts";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import type { AccessFacts } from "./access-facts.ts";
import { decideAccess, requireAccess } from "./decide-access.ts";
import { purposeView } from "./purpose-view.ts";

const order = personalRecord(soundPolicy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  phone: personal("phone", z.string()),
  allergy: personal("allergy", z.array(z.string())),
  contact: group({
    mobile: personal("phone", z.string()),
    diet: group({ note: personal("allergy", z.string()) }),
  }),
  items: list({ sku: plain(z.string()), note: personal("allergy", z.string()) }),
  meta: plain(z.unknown()),
  closedAt: anchor("order-closed", z.nullable(z.string())),
});
const row = {
  id: "1",
  memberId: "lin",
  phone: "139",
  allergy: ["nuts"],
  contact: { mobile: "138", diet: { note: "no nuts" } },
  items: [{ sku: "a", note: "no nuts" }],
  meta: { tags: ["x"] },
  closedAt: null,
};
const NOW = Date.UTC(2026, 10, 24);
function facts(change: Partial<AccessFacts> = {}, status: ConsentStatus = "given"): AccessFacts {
  const consents = new Map(
    ["delivery", "kitchen", "marketing"].map((id) => [
      id,
      { status, recordId: `record-${id}`, since: 0 },
    ]),
  );
  return {
    subjectId: "lin",
    consents,
    authorizations: new Set(),
    restricted: false,
    freshUntil: NOW + 1,
    ...change,
  };
}
const read = (purpose: string, input: object = row, known: AccessFacts = facts()): unknown =>
  purposeView(order, purpose).read(input as never, known, NOW);

describe("purposeView", () => {
  it("WX-4.4.4a: gives a purpose its own fields, in groups and lists too", () => {
    expect(read("delivery")).toEqual({
      permitted: true,
      value: {
        id: "1",
        memberId: "lin",
        phone: "139",
        contact: { mobile: "138" },
        items: [{ sku: "a" }],
        meta: { tags: ["x"] },
        closedAt: null,
      },
    });
    expect(read("kitchen")).toEqual({
      permitted: true,
      value: {
        id: "1",
        memberId: "lin",
        allergy: ["nuts"],
        contact: { diet: { note: "no nuts" } },
        items: [{ sku: "a", note: "no nuts" }],
        meta: { tags: ["x"] },
        closedAt: null,
      },
    });
  });

  it("names the columns to select, so that the others stay in the database", () => {
    expect(purposeView(order, "delivery").columns).toEqual([
      "id",
      "memberId",
      "phone",
      "contact",
      "items",
      "meta",
      "closedAt",
    ]);
  });

  it("never runs the getter of a field it may not see", () => {
    const trapped = {
      ...row,
      get allergy(): string[] {
        throw new Error("read");
      },
    };
    expect(read("delivery", trapped)).toMatchObject({ permitted: true });
  });

  it("lets nothing pass that the data map does not name", () => {
    const extra = Object.assign(
      Object.create({ phone: "inherited" }) as object,
      { ...row, card: "6222" },
      { [Symbol("s")]: 1 },
    );
    const result = read("delivery", extra) as { value: object };
    expect(Reflect.ownKeys(result.value)).not.toContain("card");
    expect(Object.getOwnPropertySymbols(result.value)).toEqual([]);
    const inherited = Object.assign(Object.create({ phone: "inherited" }) as object, {
      id: "1",
      memberId: "lin",
    });
    expect((read("delivery", inherited) as { value: object }).value).not.toHaveProperty("phone");
  });

  it("cannot be made to change a prototype", () => {
    const hostile = JSON.parse(
      '{"id":"1","memberId":"lin","meta":{"__proto__":{"polluted":1}}}',
    ) as object;
    const result = read("delivery", hostile) as { value: { meta: object } };
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(result.value.meta)).toBe(Object.prototype);
  });

  it("hands out copies: changing one changes nothing else", () => {
    const result = read("delivery") as { value: { meta: { tags: string[] } } };
    result.value.meta.tags.push("y");
    expect(row.meta.tags).toEqual(["x"]);
  });

  it("ends at cycles, and drops what has behaviour of its own", () => {
    const cyclic: { self?: object } = {};
    cyclic.self = cyclic;
    expect(() => read("delivery", { ...row, meta: cyclic })).not.toThrow();
    expect(read("delivery", { ...row, meta: { run: () => 1, map: new Map() } })).toMatchObject({
      value: { meta: { run: undefined, map: undefined } },
    });
  });

  it("denies a row of somebody else, and one that names nobody", () => {
    expect(read("delivery", { ...row, memberId: "wang" })).toMatchObject({
      permitted: false,
      reason: "subject-mismatch",
    });
    expect(read("delivery", { ...row, memberId: undefined })).toMatchObject({
      permitted: false,
      reason: "subject-mismatch",
    });
  });

  it("PIPL-19: denies a row from the moment its retention is over", () => {
    const closed = (ms: number): object => ({ ...row, closedAt: new Date(ms).toISOString() });
    expect(read("delivery", closed(NOW - 180 * 86_400_000 + 1))).toMatchObject({ permitted: true });
    expect(read("delivery", closed(NOW - 180 * 86_400_000))).toMatchObject({
      permitted: false,
      reason: "retention-over",
    });
  });
});

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

  it("denies what it does not know, what is too old and what is restricted", () => {
    expect(decide({ purpose: "toString", categories: [] })).toMatchObject({
      reason: "purpose-unknown",
    });
    expect(decide({ purpose: "delivery", categories: ["allergy"] })).toMatchObject({
      reason: "category-not-in-purpose",
    });
    expect(decide({ ...delivery, recipient: "other" })).toMatchObject({
      reason: "recipient-not-listed",
    });
    expect(decide({ ...delivery, recipient: "courier" })).toMatchObject({ permitted: true });
    expect(decide(delivery, facts({ freshUntil: NOW }))).toMatchObject({ reason: "facts-too-old" });
    expect(decide(delivery, facts({ restricted: true }))).toMatchObject({
      reason: "subject-restricted",
    });
    expect(decide(delivery, facts({ consents: new Map() }))).toMatchObject({
      reason: "consent-missing",
    });
  });

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

  it("without a permitting state permits nothing, whatever else holds", () => {
    const denying = fc.constantFrom<ConsentStatus>(
      "unknown",
      "requested",
      "deferred",
      "refused",
      "withdrawn",
      "expired",
      "revoked",
      "invalidated",
    );
    fc.assert(
      fc.property(
        denying,
        fc.constantFrom("delivery", "kitchen"),
        fc.boolean(),
        fc.integer(),
        (status, purpose, restricted, freshUntil) => {
          const known = facts(
            {
              restricted,
              freshUntil: NOW + freshUntil,
              authorizations: new Set(["marketing", "sharing", "transfer"]),
            },
            status,
          );
          expect(decide({ purpose, categories: [] }, known).permitted).toBe(false);
        },
      ),
    );
  });

  it("requireAccess throws with the reason", () => {
    expect(() => requireAccess(soundPolicy, delivery, facts({}, "refused"), NOW)).toThrow(
      "consent-refused",
    );
    expect(requireAccess(soundPolicy, delivery, facts(), NOW)).toMatchObject({ permitted: true });
  });
});
