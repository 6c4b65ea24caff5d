import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConsentEvent } from "./consent-event.ts";
import { consentEvent as event } from "./consent-event.fixture.ts";
import { CONSENT_STATUSES, consentStatus, decidingEvent, isPermitting } from "./consent-status.ts";
import { linkDecisions } from "./link-decisions.ts";

const given = event();
const refused = event({ status: "refused" });
const withdrawn = event({ status: "withdrawn" });

describe("linkDecisions", () => {
  it("hands over what a person has not decided", () => {
    expect(linkDecisions([given], [])).toEqual([given]);
    expect(linkDecisions([refused], [])).toEqual([refused]);
    expect(linkDecisions([refused, given], [event({ status: "requested" })])).toEqual([given]);
    expect(linkDecisions([], [given])).toEqual([]);
  });

  it("PIPL-14: where device and person conflict the denial wins", () => {
    expect(linkDecisions([withdrawn], [given])).toEqual([withdrawn]);
    expect(linkDecisions([given], [withdrawn])).toEqual([]);
    expect(linkDecisions([given], [event()])).toEqual([]);
    expect(linkDecisions([refused], [withdrawn])).toEqual([]);
  });

  it("goes purpose by purpose, and hands over at most one decision each", () => {
    const offers = event({ purpose: "offers", status: "refused" });
    const device = [given, offers, withdrawn];
    expect(linkDecisions(device, [event({ purpose: "kitchen" })])).toEqual([withdrawn, offers]);
    expect(linkDecisions(device, [refused])).toEqual([offers]);
  });

  it("hands over no question that was put off", () => {
    const asked = ["requested", "deferred"] as const;
    expect(
      linkDecisions(
        asked.map((status) => event({ status })),
        [],
      ),
    ).toEqual([]);
  });

  const history = fc
    .array(fc.record({ status: fc.constantFrom(...CONSENT_STATUSES), counter: fc.nat(4) }), {
      maxLength: 5,
    })
    .map((list) => list.map((change) => event(change)));

  it("PIPL-14: no order of linking turns a denial into a permit", () => {
    const standing = [given.purposeDigest];
    const denies = (events: readonly ConsentEvent[]): boolean => {
      const decided = events.filter(
        ({ status }) => !["unknown", "requested", "deferred"].includes(status),
      );
      const last = decidingEvent(decided, "delivery");
      return last !== undefined && !isPermitting(last.status);
    };
    fc.assert(
      fc.property(
        history,
        fc
          .array(history, { maxLength: 4 })
          .chain((devices) =>
            fc.tuple(
              fc.constant(devices),
              fc.shuffledSubarray(devices, { minLength: devices.length }),
            ),
          ),
        (person, [devices, order]) => {
          const linked = order.reduce(
            (events, device) => [...events, ...linkDecisions(device, events)],
            person,
          );
          if (![person, ...devices].some(denies)) return;
          const { status } = consentStatus(linked, "delivery", standing, 0);
          expect(isPermitting(status)).toBe(false);
        },
      ),
    );
  });

  it("linking again hands over nothing new", () => {
    fc.assert(
      fc.property(history, history, (device, person) => {
        const linked = [...person, ...linkDecisions(device, person)];
        expect(linkDecisions(device, linked)).toEqual([]);
      }),
    );
  });
});
