import { EEA_COUNTRIES } from "../policy/eea.ts";
import type { BreachImpact, BreachRecipient, BreachRecord } from "./breach-record.ts";

/** How well a deadline is known: read in the text (V), in a secondary source (V2), or in the platform's terms (S). */
export type SourceMark = "V" | "V2" | "S";

/** One duty to tell somebody, as law or platform terms state it. */
export interface BreachRule {
  readonly id: string;
  readonly recipient: BreachRecipient;
  /** Hours from awareness; `at-once` where the text says "promptly" or "immediately" and gives no number. */
  readonly limit: "at-once" | { readonly hours: number };
  readonly applies: (record: Pick<BreachRecord, "impact" | "platforms">) => boolean;
  readonly obligations: readonly string[];
  readonly mark: SourceMark;
}

/** Raised with every change of {@link BREACH_RULES}. */
export const BREACH_RULES_VERSION = "2026-11";

const CN_REPORT_PERSONS = 1_000_000;

const inChina = ({ impact }: { readonly impact: BreachImpact }): boolean =>
  impact.jurisdictions.includes("CN");
const inEurope = ({ impact }: { readonly impact: BreachImpact }): boolean =>
  impact.jurisdictions.some((country) => EEA_COUNTRIES.includes(country));
const onWeixin = ({ platforms }: { readonly platforms: readonly string[] }): boolean =>
  platforms.includes("weixin");

/** The clocks, each started by awareness. No hours are invented where a text gives none. */
export const BREACH_RULES: readonly BreachRule[] = [
  // Requirement WX-4.11c: unauthorised access or use is reported to the platform promptly.
  {
    id: "weixin-platform",
    recipient: "platform",
    limit: "at-once",
    applies: onWeixin,
    obligations: ["WX-4.11c"],
    mark: "S",
  },
  // Requirement WX-4.11d: and to the users it touches.
  {
    id: "weixin-subjects",
    recipient: "subjects",
    limit: "at-once",
    applies: onWeixin,
    obligations: ["WX-4.11d"],
    mark: "S",
  },
  // Requirement WX-4.11e: and to the authority, where the law asks for it.
  {
    id: "pipl-authority",
    recipient: "authority",
    limit: "at-once",
    applies: inChina,
    obligations: ["WX-4.11e", "PIPL-57"],
    mark: "V",
  },
  // Requirement PIPL-57: the persons are told at once.
  {
    id: "pipl-subjects",
    recipient: "subjects",
    limit: "at-once",
    applies: inChina,
    obligations: ["PIPL-57"],
    mark: "V",
  },
  {
    id: "cn-minors-guardians",
    recipient: "guardians",
    limit: "at-once",
    applies: (record) => inChina(record) && record.impact.minors !== "no",
    obligations: ["PIPL-57"],
    mark: "V",
  },
  {
    id: "cn-incident-report",
    recipient: "authority",
    limit: { hours: 4 },
    applies: (record) => inChina(record) && record.impact.personsAtLeast >= CN_REPORT_PERSONS,
    obligations: ["PIPL-57"],
    mark: "V2",
  },
  // Requirement GDPR-33: the authority is told within 72 hours.
  {
    id: "gdpr-authority",
    recipient: "authority",
    limit: { hours: 72 },
    applies: inEurope,
    obligations: ["GDPR-33"],
    mark: "V",
  },
  // Requirement GDPR-34: the persons are told without delay.
  {
    id: "gdpr-subjects",
    recipient: "subjects",
    limit: "at-once",
    applies: inEurope,
    obligations: ["GDPR-34"],
    mark: "V2",
  },
];

/** A duty of one breach: told whom, by when, on what ground. */
export interface BreachDuty {
  readonly ruleId: string;
  readonly recipient: BreachRecipient;
  readonly clockStart: string;
  /** RFC 3339; equal to `clockStart` where it is due at once. */
  readonly dueAt: string;
  readonly state: "open" | "delivered";
  readonly overdue: boolean;
  readonly obligations: readonly string[];
  readonly mark: SourceMark;
}

const HOUR_MS = 3_600_000;

/**
 * The duties a breach sets off, earliest first. A duty stays open until a delivery is filed for its rule.
 *
 * @param now Epoch milliseconds.
 */
export function breachDuties(record: BreachRecord, now: number): readonly BreachDuty[] {
  const start = Date.parse(record.awareAt);
  return BREACH_RULES.filter((rule) => rule.applies(record))
    .map((rule): BreachDuty & { readonly due: number } => {
      const due = rule.limit === "at-once" ? start : start + rule.limit.hours * HOUR_MS;
      const delivered = record.deliveries.some(({ ruleId }) => ruleId === rule.id);
      return {
        ruleId: rule.id,
        recipient: rule.recipient,
        clockStart: new Date(start).toISOString(),
        dueAt: new Date(due).toISOString(),
        state: delivered ? "delivered" : "open",
        overdue: !delivered && now > due,
        obligations: rule.obligations,
        mark: rule.mark,
        due,
      };
    })
    .sort((a, b) => a.due - b.due)
    .map(({ due: _due, ...duty }) => duty);
}
