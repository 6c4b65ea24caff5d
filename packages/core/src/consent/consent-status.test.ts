import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { definePolicy } from "../policy/policy.ts";
import { purposeDigest } from "../policy/policy-digest.ts";
import type { ConsentEvent } from "./consent-event.ts";
import { consentStatus, isPermitting } from "./consent-status.ts";

const policy = definePolicy({
  id: "shop",
  version: "1",
  languages: ["en"],
  controller: { name: { en: "Shop" }, country: "CN", contact: { email: "a@shop.example" } },
  categories: { phone: { label: { en: "Phone" }, source: "subject" } },
  recipients: {},
  purposes: {
    delivery: {
      label: { en: "Delivery" },
      text: { en: "To deliver" },
      categories: ["phone"],
      basis: "consent",
      necessity: "necessary",
    },
    offers: {
      label: { en: "Offers" },
      text: { en: "To send offers" },
      categories: ["phone"],
      basis: "consent",
      necessity: "optional",
    },
  },
});
let ids = 0;
function event(change: Partial<ConsentEvent> = {}): ConsentEvent {
  const purpose = change.purpose ?? "delivery";
  return {
    type: "consent",
    schemaVersion: "1",
    recordId: `record-${purpose}`,
    decisionId: `decision-${ids++}`,
    subjectRef: "ref",
    purpose,
    status: "given",
    recordedAt: "2026-11-24T08:00:00.000Z",
    claimedAt: "2026-11-24T08:00:00.000Z",
    submissionDigest: "",
    counter: 0,
    policy: { id: "shop", version: "1", digest: "" },
    purposeDigest: purposeDigest(policy, purpose),
    ...change,
  };
}
const status = (...events: readonly ConsentEvent[]): string =>
  consentStatus(events, policy, "delivery", Date.UTC(2027, 0)).status;

describe("consentStatus", () => {
  it("WX-4.4.3: is unknown until somebody decided, and unknown does not permit", () => {
    expect(status()).toBe("unknown");
    expect(status(event({ purpose: "offers" }))).toBe("unknown");
    expect(isPermitting("unknown")).toBe(false);
  });

  it("follows the log: the last decision counts", () => {
    expect(status(event())).toBe("given");
    expect(status(event(), event({ status: "withdrawn" }))).toBe("withdrawn");
    expect(status(event(), event({ status: "withdrawn" }), event())).toBe("given");
    expect(status(event(), event({ status: "renewed" }))).toBe("renewed");
  });

  it("PIPL-14: a changed purpose invalidates the consent given before", () => {
    expect(status(event({ purposeDigest: purposeDigest(policy, "offers") }))).toBe("invalidated");
    const gone = { ...policy, purposes: { offers: policy.purposes.offers } };
    expect(consentStatus([event()], gone, "delivery", 0).status).toBe("invalidated");
  });

  it("expires at its end", () => {
    const until = "2026-12-01T00:00:00.000Z";
    const given = event({ validUntil: until });
    expect(consentStatus([given], policy, "delivery", Date.parse(until) - 1).status).toBe("given");
    expect(consentStatus([given], policy, "delivery", Date.parse(until)).status).toBe("expired");
  });

  it("passes over a grant that its device sent before a later decision", () => {
    const late = event({ device: "a", counter: 1 });
    const denial = event({ device: "a", counter: 2, status: "withdrawn" });
    expect(status(denial, late)).toBe("withdrawn");
    expect(status(denial, event({ device: "b", counter: 1 }))).toBe("given");
  });

  const decisions = fc.array(
    fc.record({
      status: fc.constantFrom(
        "given",
        "renewed",
        "refused",
        "withdrawn",
        "revoked",
        "deferred",
        "requested",
      ),
      counter: fc.nat(5),
      device: fc.constantFrom("a", "b"),
    }),
    { maxLength: 12 },
  );

  it("permits nothing without a grant", () => {
    fc.assert(
      fc.property(decisions, (list) => {
        const events = list
          .filter(({ status: s }) => !isPermitting(s))
          .map((change) => event(change));
        expect(isPermitting(consentStatus(events, policy, "delivery", 0).status)).toBe(false);
      }),
    );
  });

  it("delivering events again turns no denial into a permit", () => {
    fc.assert(
      fc.property(decisions, fc.array(fc.nat()), (list, picks) => {
        const events = list.map((change) => event(change));
        const again = events.length === 0 ? [] : picks.map((pick) => events[pick % events.length]!);
        const before = consentStatus(events, policy, "delivery", 0).status;
        const after = consentStatus([...events, ...again], policy, "delivery", 0).status;
        expect(after).toBe(before);
      }),
    );
  });

  it("no order of one device’s events permits once its last decision was a denial", () => {
    const ordered = fc.array(fc.constantFrom("given" as const, "withdrawn" as const), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(ordered, fc.func(fc.double({ noNaN: true })), (list, weight) => {
        const events = [...list, "withdrawn" as const].map((s, counter) =>
          event({ status: s, counter, device: "a" }),
        );
        const shuffled = events.toSorted((a, b) => weight(a.counter) - weight(b.counter));
        const last = events.at(-1)!;
        const upToDenial = shuffled.slice(shuffled.indexOf(last));
        expect(isPermitting(consentStatus(upToDenial, policy, "delivery", 0).status)).toBe(false);
        expect(isPermitting(consentStatus(shuffled, policy, "delivery", 0).status)).toBe(false);
      }),
    );
  });
});
