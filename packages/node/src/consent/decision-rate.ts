/** How fast one subject may decide. A denial that changes something is never held up. */
export interface DecisionRate {
  /** How long a subject must wait, milliseconds; 0 for somebody new. */
  waitMs(ref: string | undefined): number;
  count(ref: string): void;
}

/** A person does not decide faster; what waited without a network for weeks still passes at once. */
const BURST = 120;
const REFILL_MS = 1000;
/** Subjects remembered at once: more are those that have long had their burst back. */
const MOST_SUBJECTS = 100_000;

/**
 * A bucket a subject, in this process: several processes allow as many times as much.
 *
 * @param now Epoch milliseconds.
 */
export function createDecisionRate(now: () => number): DecisionRate {
  /** When a subject's bucket would be full again. */
  const fullAt = new Map<string, number>();
  return {
    waitMs(ref) {
      const full = ref === undefined ? undefined : fullAt.get(ref);
      return full === undefined ? 0 : Math.max(0, full - now() - (BURST - 1) * REFILL_MS);
    },
    count(ref) {
      const full = Math.max(fullAt.get(ref) ?? 0, now()) + REFILL_MS;
      fullAt.delete(ref);
      fullAt.set(ref, full);
      if (fullAt.size <= MOST_SUBJECTS) return;
      const [oldest] = fullAt.keys();
      fullAt.delete(oldest!);
    },
  };
}
