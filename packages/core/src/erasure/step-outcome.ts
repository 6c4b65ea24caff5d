/** The closed set of {@link StepOutcome}. */
export const STEP_OUTCOMES = [
  "verified-absent",
  "not-found",
  "accepted-by-store",
  "key-destroyed",
  "anonymized",
  "retained-by-law",
  "restricted",
  "residual-until",
  "failed",
] as const;

/** What is known of one store and record after an erasure step. */
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

/** Where something of erased data may still lie, and until when. */
export interface Remnant {
  readonly where: string;
  /** RFC 3339. */
  readonly until: string;
}

/** What an erasure step saw. */
export interface StepObservation {
  readonly countBefore: number;
  /** Read back over another path than the deleting one; undefined when it could not be read. */
  readonly countAfter: number | undefined;
  /** Whether the reading path found rows before the erasure, and exactly as many as the deleting path counted. */
  readonly readPathProven: boolean;
  readonly remnants: readonly Remnant[];
  /** Whether nothing is erased, but the host declares that the store drops it by itself when the remnants end (false). */
  readonly expires?: boolean;
}

/**
 * The honest word for what a step saw. Absence counts as verified only where the reading path is known to find what is there.
 *
 * @see WX-4.4.7c, PIPL-47
 */
export function stepOutcome(observation: StepObservation, now: number): StepOutcome {
  const { countBefore, countAfter, readPathProven, remnants, expires = false } = observation;
  if (countAfter === undefined) return expires ? "residual-until" : "accepted-by-store";
  if (countAfter > 0) return "failed";
  if (countBefore === 0) return "not-found";
  // Requirement WX-4.4.7c: data counts as gone only where reading is known to find what is there.
  if (!readPathProven) return "accepted-by-store";
  return remnants.every((remnant) => hasEnded(remnant, now)) ? "verified-absent" : "residual-until";
}

/** An end that cannot be read has not come. */
function hasEnded({ until }: Remnant, now: number): boolean {
  return Date.parse(until) <= now;
}
