import { EEA_COUNTRIES } from "../policy/eea.ts";
import type { RequestKind } from "./subject-request.ts";
import { CN_CALENDAR, DAY_MS, isWorkingDay, type WorkingCalendar } from "./working-days.ts";

/** A length of time as rules write it. */
export interface Term {
  readonly amount: number;
  readonly unit: "working-days" | "days" | "months";
}

/** By when a request is to be answered. */
export interface RequestRule {
  readonly id: string;
  /** ISO 3166-1 alpha-2 of the country whose rule it is. */
  readonly jurisdiction: string;
  /** The kinds it is about; all when absent. */
  readonly kinds?: readonly RequestKind[];
  readonly term: Term;
  /** When to warn that it has not been answered. */
  readonly warn: Term;
  /** By how much it may be extended, once, with a reason; not at all when absent. */
  readonly extension?: Term;
  /** Minutes its days begin before those of UTC; of several zones the first, so that no date comes out too late. */
  readonly utcOffset: number;
  readonly calendar?: WorkingCalendar;
  /** How well it is known: read in a secondary source (V2), from own knowledge (K), or set by this library (D). */
  readonly mark: "V2" | "K" | "D";
}

/** Changes with every change of {@link REQUEST_RULES}, so that an older due date can be told from a wrong one. */
export const REQUEST_RULES_VERSION = "2026-11";

/**
 * The rules that are known. China's law says "promptly" (PIPL-50); fifteen working days is the tighter of the two numbers
 * in use for it.
 */
export const REQUEST_RULES: readonly RequestRule[] = [
  {
    id: "cn-15-working-days",
    jurisdiction: "CN",
    term: { amount: 15, unit: "working-days" },
    warn: { amount: 10, unit: "working-days" },
    utcOffset: 480,
    calendar: CN_CALENDAR,
    mark: "D",
  },
  ...EEA_COUNTRIES.map((jurisdiction): RequestRule => ({
    id: "gdpr-12-3",
    jurisdiction,
    term: { amount: 1, unit: "months" },
    warn: { amount: 20, unit: "days" },
    extension: { amount: 2, unit: "months" },
    utcOffset: 180,
    mark: "V2",
  })),
  {
    id: "ccpa-45-days",
    jurisdiction: "US",
    term: { amount: 45, unit: "days" },
    warn: { amount: 30, unit: "days" },
    extension: { amount: 45, unit: "days" },
    utcOffset: -420,
    mark: "V2",
  },
  {
    id: "ccpa-opt-out",
    jurisdiction: "US",
    kinds: ["object", "withdraw", "restrict"],
    term: { amount: 15, unit: "working-days" },
    warn: { amount: 10, unit: "working-days" },
    utcOffset: -420,
    mark: "V2",
  },
  {
    id: "lgpd-access",
    jurisdiction: "BR",
    kinds: ["access", "copy", "portability"],
    term: { amount: 15, unit: "days" },
    warn: { amount: 10, unit: "days" },
    utcOffset: -180,
    mark: "V2",
  },
];

/** By when a request is due, and by which rule. Times are epoch milliseconds, each the end of a day. */
export interface RequestDue {
  readonly rule: string;
  readonly version: string;
  readonly warnAt: number;
  readonly dueAt: number;
  /** The latest it may be extended to; absent when it may not. */
  readonly extendableTo?: number;
}

/**
 * When a request is due: by the earliest of the rules that apply, or of all where the country has none.
 *
 * @param jurisdiction ISO 3166-1 alpha-2 of the country whose law governs.
 * @param receivedAt Epoch milliseconds.
 * @see PIPL-50, GDPR Art. 12(3)
 */
export function requestDue(
  kind: RequestKind,
  jurisdiction: string,
  receivedAt: number,
): RequestDue {
  const ofKind = REQUEST_RULES.filter(({ kinds }) => kinds?.includes(kind) ?? true);
  const own = ofKind.filter((rule) => rule.jurisdiction === jurisdiction);
  const [earliest] = (own.length === 0 ? ofKind : own)
    .map((rule) => dueBy(rule, receivedAt))
    .sort((a, b) => a.dueAt - b.dueAt);
  return earliest!;
}

function dueBy(rule: RequestRule, receivedAt: number): RequestDue {
  const { id, term, warn, extension } = rule;
  const due = {
    rule: id,
    version: REQUEST_RULES_VERSION,
    warnAt: endOf(rule, receivedAt, [warn]),
    dueAt: endOf(rule, receivedAt, [term]),
  };
  if (extension === undefined) return due;
  return { ...due, extendableTo: endOf(rule, receivedAt, [term, extension]) };
}

/** The end of the last day of terms that follow one another; the day of receipt does not count. */
function endOf(
  { utcOffset, calendar }: RequestRule,
  receivedAt: number,
  terms: readonly Term[],
): number {
  const offset = utcOffset * 60_000;
  const received = Math.floor((receivedAt + offset) / DAY_MS);
  const last = terms.reduce((day, term) => dayAfter(day, term, calendar), received);
  return (last + 1) * DAY_MS - 1 - offset;
}

function dayAfter(from: number, { amount, unit }: Term, calendar?: WorkingCalendar): number {
  if (unit === "days") return from + amount;
  if (unit === "months") return monthsAfter(from, amount);
  let day = from;
  for (let left = amount; left > 0;) if (isWorkingDay(++day, calendar)) left--;
  return day;
}

/** The same day of a later month, or its last. @see Regulation (EEC, Euratom) No 1182/71, Art. 3 */
function monthsAfter(from: number, months: number): number {
  const date = new Date(from * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastOfMonth)) / DAY_MS;
}
