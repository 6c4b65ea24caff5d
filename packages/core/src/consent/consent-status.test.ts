import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { definePolicy, type Policy, type PurposeDefinition } from "../policy/policy.ts";
import { purposeDigest } from "../policy/policy-digest.ts";
import { standingDigests } from "../policy/standing-digests.ts";
import type { ConsentEvent } from "./consent-event.ts";
import { consentEvent } from "./consent-event.fixture.ts";
import {
  CONSENT_STATUSES,
  type ConsentStatus,
  consentStatus,
  isPermitting,
} from "./consent-status.ts";

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
const standing = standingDigests(policy, "delivery", []);
const event = (change: Partial<ConsentEvent> = {}): ConsentEvent =>
  consentEvent({ purposeDigest: purposeDigest(policy, change.purpose ?? "delivery"), ...change });
const withPurpose = (change: Partial<PurposeDefinition>): Policy => ({
  ...policy,
  purposes: { ...policy.purposes, delivery: { ...policy.purposes.delivery, ...change } },
});
const status = (...events: readonly ConsentEvent[]): ConsentStatus =>
  consentStatus(events, "delivery", standing, Date.UTC(2027, 0)).status;

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
    expect(consentStatus([event()], "delivery", [], 0).status).toBe("invalidated");
  });

  it("PIPL-14: a narrowed purpose keeps the consent given before", () => {
    const wider = withPurpose({ retention: { days: 90, from: "consent-given", then: "erase" } });
    const narrower = withPurpose({ retention: { days: 30, from: "consent-given", then: "erase" } });
    const under = (version: Policy) => event({ purposeDigest: purposeDigest(version, "delivery") });
    const after = (change: { readonly from: Policy; readonly to: Policy }) =>
      consentStatus(
        [under(change.from)],
        "delivery",
        standingDigests(change.to, "delivery", [change.from]),
        0,
      ).status;
    expect(after({ from: wider, to: narrower })).toBe("given");
    expect(after({ from: narrower, to: wider })).toBe("invalidated");
  });

  it("expires at its end", () => {
    const until = "2026-12-01T00:00:00.000Z";
    const given = event({ validUntil: until });
    expect(consentStatus([given], "delivery", standing, Date.parse(until) - 1).status).toBe(
      "given",
    );
    expect(consentStatus([given], "delivery", standing, Date.parse(until)).status).toBe("expired");
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
        expect(isPermitting(consentStatus(events, "delivery", standing, 0).status)).toBe(false);
      }),
    );
  });

  it("delivering events again turns no denial into a permit", () => {
    fc.assert(
      fc.property(decisions, fc.array(fc.nat()), (list, picks) => {
        const events = list.map((change) => event(change));
        const again = events.length === 0 ? [] : picks.map((pick) => events[pick % events.length]!);
        const before = consentStatus(events, "delivery", standing, 0).status;
        const after = consentStatus([...events, ...again], "delivery", standing, 0).status;
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
        expect(isPermitting(consentStatus(upToDenial, "delivery", standing, 0).status)).toBe(false);
        expect(isPermitting(consentStatus(shuffled, "delivery", standing, 0).status)).toBe(false);
      }),
    );
  });

  /** Anything that could stand in a log, forged events included. */
  const anyEvent = fc
    .record({
      status: fc.constantFrom(...CONSENT_STATUSES),
      decisionId: fc.constantFrom("a", "b", "c", "d", "e", "f"),
      device: fc.constantFrom("a", "b", undefined),
      counter: fc.oneof(fc.nat(4), fc.constantFrom(-1, Number.NaN, Infinity)),
      purpose: fc.constantFrom("delivery", "offers"),
      digest: fc.constantFrom("standing", "gone"),
      validUntil: fc.constantFrom(undefined, "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "x"),
      recordedAt: fc.constantFrom("2026-11-24T08:00:00.000Z", "2099-01-01T00:00:00Z", "x"),
    })
    .map(({ device, validUntil, digest, purpose, ...rest }) =>
      event({
        ...rest,
        purpose,
        purposeDigest: digest === "gone" ? "" : purposeDigest(policy, purpose),
        ...(device !== undefined && { device }),
        ...(validUntil !== undefined && { validUntil }),
      }),
    );
  const now = Date.UTC(2027, 0);

  it("WX-4.4.3: no sequence permits without a valid given, renewed or legacy", () => {
    const isValid = (each: ConsentEvent): boolean =>
      isPermitting(each.status) &&
      each.purpose === "delivery" &&
      standing.includes(each.purposeDigest) &&
      (each.validUntil === undefined
        ? each.status !== "legacy"
        : Date.parse(each.validUntil) > now);
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 10 }), (events) => {
        const { status: s } = consentStatus(events, "delivery", standing, now);
        if (isPermitting(s)) expect(events.some(isValid)).toBe(true);
        const rest = events.filter((each) => !isValid(each));
        expect(isPermitting(consentStatus(rest, "delivery", standing, now).status)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("WX-4.4.3: no order or duplication of delivery permits when the last word of each device is a denial", () => {
    const words = fc.array(
      fc.constantFrom("given" as const, "renewed" as const, "refused" as const),
      {
        maxLength: 4,
      },
    );
    const sent = fc
      .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), words), {
        minLength: 1,
        selector: ([device]) => device,
      })
      .map((devices) =>
        devices.flatMap(([device, list]) =>
          [...list, "withdrawn" as const].map((s, counter) =>
            event({ status: s, counter, device }),
          ),
        ),
      );
    const delivered = sent.chain((events) =>
      fc.tuple(
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 6 }),
      ),
    );
    fc.assert(
      fc.property(delivered, ([events, copies]) => {
        const log = copies.reduce<readonly ConsentEvent[]>(
          (list, [from, to]) => list.toSpliced(to, 0, events[from % events.length]!),
          events,
        );
        expect(isPermitting(status(...log))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("WX-4.4.3: a repetition changes nothing, wherever in the log it comes after the first", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1 }), fc.nat(), fc.nat(), (events, from, by) => {
        const i = from % events.length;
        const copied = events.toSpliced(i + 1 + by, 0, events[i]!);
        expect(consentStatus(copied, "delivery", standing, now)).toEqual(
          consentStatus(events, "delivery", standing, now),
        );
      }),
    );
  });

  it("goes by the log and not by what clocks said, ahead or behind", () => {
    const dates = ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z"];
    for (const claimedAt of dates) {
      for (const recordedAt of dates) {
        const dated = { claimedAt, recordedAt };
        expect(status(event(dated), event({ status: "withdrawn" }))).toBe("withdrawn");
        expect(status(event(), event({ status: "withdrawn", ...dated }))).toBe("withdrawn");
        expect(status(event({ status: "withdrawn", ...dated }), event())).toBe("given");
      }
    }
  });

  it("a denial under the id of a grant counts, a grant under the id of a denial does not", () => {
    const grant = event({ decisionId: "same" });
    const denial = event({ decisionId: "same", status: "withdrawn" });
    expect(status(grant, denial)).toBe("withdrawn");
    expect(status(denial, grant)).toBe("withdrawn");
    expect(status(grant, denial, event(), denial)).toBe("given");
  });

  it("a log cut short tells what is left of it", () => {
    const events = [event(), event({ status: "withdrawn" }), event()];
    expect(events.map((_, i) => status(...events.slice(0, i)))).toEqual([
      "unknown",
      "given",
      "withdrawn",
    ]);
  });

  it("PIPL-14: a legacy consent ends at its date, and one without a date has ended", () => {
    const legacy = { status: "legacy", validUntil: "2027-06-01T00:00:00Z" } as const;
    expect(status(event(legacy))).toBe("legacy");
    expect(status(event({ ...legacy, validUntil: "2026-06-01T00:00:00Z" }))).toBe("expired");
    expect(status(event({ status: "legacy" }))).toBe("expired");
  });

  it("PIPL-14: an end that is no date has passed", () => {
    expect(status(event({ validUntil: "never" }))).toBe("expired");
  });
});
