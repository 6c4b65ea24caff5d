/** What a batch may be, and how long its statement is meant to take. */
export interface BatchLimits {
  /** Milliseconds. */
  readonly targetMs: number;
  /** Rows, at the least. */
  readonly floor: number;
  /** Rows, at the most. */
  readonly ceiling: number;
}

/** Others wait no longer than that for rows of a batch. */
export const BATCH_LIMITS: BatchLimits = { targetMs: 5, floor: 250, ceiling: 20_000 };

/** Where nothing has been measured yet. */
export const FIRST_BATCH_SIZE = 1000;

/**
 * Tells how many rows the next batch takes, from how long the last took: as many as would have filled the target. At most
 * twice as many as before, since a small batch says little of a large one, and at least half, since one delay says little.
 *
 * @param last Rows of the last batch, and the milliseconds its statement took.
 */
export function nextBatchSize(
  last: { readonly size: number; readonly tookMs: number },
  { targetMs, floor, ceiling }: BatchLimits = BATCH_LIMITS,
): number {
  const { size, tookMs } = last;
  const fitting = Math.floor((size * targetMs) / tookMs);
  const near = Math.max(Math.ceil(size / 2), Math.min(fitting, size * 2));
  return Math.max(floor, Math.min(near, ceiling));
}
