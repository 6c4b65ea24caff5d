import type { Contact, LocalizedText } from "../policy/policy.ts";

/** Who must be told. */
export type BreachRecipient = "platform" | "subjects" | "guardians" | "authority";

/** A platform whose terms name duties for a breach. */
export type BreachPlatform = "weixin";

/** How far things have come (DPV incident states). */
export type BreachStatus =
  | "suspected"
  | "ongoing"
  | "halted"
  | "concluded"
  | "terminated"
  | "mitigated"
  | "near-miss";

/** One breach of personal data: what a notice needs. Texts are for people and name nobody. Moments are RFC 3339. */
export interface BreachRecord {
  readonly schemaVersion: "1";
  readonly status: BreachStatus;
  readonly summary: LocalizedText;
  readonly occurredFrom?: string;
  readonly occurredTo?: string;
  readonly discoveredAt: string;
  /** When somebody responsible knew: every clock starts here. */
  readonly awareAt: string;
  readonly cause: LocalizedText;
  readonly likelyHarm: LocalizedText;
  readonly measures: readonly LocalizedText[];
  /** What affected persons can do themselves. */
  readonly selfHelp: readonly LocalizedText[];
  readonly contact: Contact;
  readonly impact: BreachImpact;
  readonly platforms: readonly BreachPlatform[];
  readonly deliveries: readonly BreachDelivery[];
}

export interface BreachImpact {
  readonly disclosure: "no" | "potentially" | "yes" | "unknown";
  /** Policy category ids. */
  readonly categories: readonly string[];
  /** "At least": what the access log and the stores show. */
  readonly personsAtLeast: number;
  readonly minors: "yes" | "no" | "unknown";
  /** ISO 3166-1 alpha-2 of the persons' places. */
  readonly jurisdictions: readonly string[];
}

/** Proof that somebody was told; without one a duty stays open. */
export interface BreachDelivery {
  readonly ruleId: string;
  readonly deliveredAt: string;
  readonly channel: string;
}
