import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requestDueAt } from "./request-due.ts";
import { type RequestEvent, type RequestState, transitionRequest } from "./subject-request.ts";

const EVENTS: readonly RequestEvent[] = [
  "check-identity",
  "accept",
  "execute",
  "extend",
  "restrict",
  "fulfil",
  "fulfil-partly",
  "refuse",
  "withdraw",
  "expire",
];
const CLOSED: readonly RequestState[] = ["fulfilled", "refused", "withdrawn-by-user", "expired"];

describe("transitionRequest", () => {
  it("leads an erasure from received to fulfilled", () => {
    const path: readonly RequestEvent[] = ["accept", "execute", "fulfil"];
    const end = path.reduce<RequestState>((state, event) => {
      const move = transitionRequest(state, event);
      return move.permitted ? move.state : "refused";
    }, "received");
    expect(end).toBe("fulfilled");
  });

  it("never reopens a closed request, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CLOSED),
        fc.array(fc.constantFrom(...EVENTS)),
        (closed, events) => {
          for (const event of events) {
            expect(transitionRequest(closed, event)).toEqual({
              permitted: false,
              reason: "no-such-transition",
            });
          }
        },
      ),
    );
  });

  it("lets a partly fulfilled request only be completed", () => {
    const open = EVENTS.filter((event) => transitionRequest("partly-fulfilled", event).permitted);
    expect(open).toEqual(["fulfil"]);
  });
});

describe("requestDueAt", () => {
  const china = 480;
  it("PIPL-50: counts working days in the zone given", () => {
    // Friday 2026-11-20 23:30 in China: the first working day is Monday the 23rd.
    const received = Date.UTC(2026, 10, 20, 15, 30);
    expect(new Date(requestDueAt(received, 1, china)).toISOString()).toBe(
      "2026-11-23T15:59:59.999Z",
    );
    expect(new Date(requestDueAt(received, 15, china)).toISOString()).toBe(
      "2026-12-11T15:59:59.999Z",
    );
  });

  it("is never earlier for more days, and always ends a working day", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 60 }),
        (received, days) => {
          const due = requestDueAt(received, days, china);
          expect(due).toBeGreaterThan(received);
          expect(requestDueAt(received, days + 1, china)).toBeGreaterThan(due);
          expect([1, 2, 3, 4, 5]).toContain(new Date(due + china * 60_000).getUTCDay());
        },
      ),
    );
  });
});
