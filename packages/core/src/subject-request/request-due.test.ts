import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REQUEST_RULES, requestDue } from "./request-due.ts";
import { REQUEST_KINDS } from "./subject-request.ts";
import { CN_CALENDAR, DAY_MS, isWorkingDay } from "./working-days.ts";

const at = (moment: string): number => Date.parse(moment);
const shown = (moment: number | undefined): string =>
  moment === undefined ? "never" : new Date(moment).toISOString();

describe("requestDue", () => {
  it("PIPL-50: counts working days as China does, and warns after ten", () => {
    // Friday 2026-11-20 23:30 in China: the first working day is Monday the 23rd.
    const due = requestDue("erase", "CN", at("2026-11-20T15:30:00Z"));
    expect([shown(due.warnAt), shown(due.dueAt), shown(due.extendableTo)]).toEqual([
      "2026-12-04T15:59:59.999Z",
      "2026-12-11T15:59:59.999Z",
      "never",
    ]);
  });

  it("PIPL-50: leaves out holidays, and counts the days that are worked for them", () => {
    // Received on Thursday, February 12: worked are the 13th, Saturday the 14th, 24 to 27 and Saturday the 28th …
    expect(shown(requestDue("erase", "CN", at("2026-02-12T04:00:00Z")).dueAt)).toBe(
      "2026-03-11T15:59:59.999Z",
    );
  });

  it.each([
    ["access", "DE", "2026-01-31T12:00:00Z", "2026-02-28T20:59:59.999Z"],
    ["access", "DE", "2028-01-31T12:00:00Z", "2028-02-29T20:59:59.999Z"],
    ["erase", "US", "2026-01-01T12:00:00Z", "2026-02-16T06:59:59.999Z"],
    ["object", "US", "2026-01-01T12:00:00Z", "2026-01-23T06:59:59.999Z"],
    ["access", "BR", "2026-01-01T12:00:00Z", "2026-01-17T02:59:59.999Z"],
  ] as const)("by the rule of the country: %s, %s, received %s", (kind, country, moment, due) => {
    expect(shown(requestDue(kind, country, at(moment)).dueAt)).toBe(due);
  });

  it("may be extended by the months a rule gives, from the day it was due", () => {
    const { extendableTo } = requestDue("access", "FR", at("2026-01-31T12:00:00Z"));
    expect(shown(extendableTo)).toBe("2026-04-28T20:59:59.999Z");
  });

  it("by the earliest of all rules where a country has none", () => {
    const received = at("2026-01-01T12:00:00Z");
    expect(requestDue("access", "ZZ", received).rule).toBe("lgpd-access");
    expect(requestDue("erase", "ZZ", received).rule).toBe("cn-15-working-days");
    // Brazil's rule is about other kinds: erasure falls under what all have.
    expect(requestDue("erase", "BR", received).rule).toBe("cn-15-working-days");
  });

  it("warns after the receipt and before it is due, at the end of a day", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...REQUEST_KINDS),
        fc.constantFrom(...REQUEST_RULES.map(({ jurisdiction }) => jurisdiction)),
        fc.integer({ min: 0, max: 4e12 }),
        (kind, country, received) => {
          const { warnAt, dueAt, extendableTo = Infinity } = requestDue(kind, country, received);
          expect(warnAt).toBeGreaterThan(received);
          expect(dueAt).toBeGreaterThan(warnAt);
          expect(extendableTo).toBeGreaterThan(dueAt);
          expect((dueAt + 1) % 3_600_000).toBe(0);
        },
      ),
    );
  });
});

describe("the calendar of China", () => {
  const day = (date: string): number => Date.parse(date) / DAY_MS;

  it("frees only days of the week, and works only on weekends", () => {
    for (const [year, changed] of Object.entries(CN_CALENDAR.years)) {
      for (const date of changed!.free) expect(isWorkingDay(day(`${year}-${date}`))).toBe(true);
      for (const date of changed!.worked) expect(isWorkingDay(day(`${year}-${date}`))).toBe(false);
      for (const date of changed!.free)
        expect(isWorkingDay(day(`${year}-${date}`), CN_CALENDAR)).toBe(false);
      for (const date of changed!.worked)
        expect(isWorkingDay(day(`${year}-${date}`), CN_CALENDAR)).toBe(true);
    }
  });

  it("frees nothing but weekends in a year it does not know", () => {
    expect(isWorkingDay(day("2031-10-01"), CN_CALENDAR)).toBe(true);
    expect(isWorkingDay(day("2031-10-04"), CN_CALENDAR)).toBe(false);
  });
});
