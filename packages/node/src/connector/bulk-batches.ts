import { performance } from "node:perf_hooks";
import { FIRST_BATCH_SIZE, nextBatchSize } from "./batch-size.ts";

/** Rows that follow one another in the order of their keys. */
export interface KeyRange<Key> {
  /** The last key of the batch before (there was none). */
  readonly after?: Key;
  readonly last: Key;
}

/** How a table is gone through in the order of its keys. */
export interface BatchedRows<Key> {
  /** The key up to which so many selected rows come; undefined where there are no more. */
  readonly pick: (after: Key | undefined, size: number) => Promise<Key | undefined>;
  /** Changes the selected rows of a range. @returns How many. */
  readonly change: (range: KeyRange<Key>) => Promise<number>;
}

/** Changes all selected rows, so many at once as take their time, and yields how many after each batch. */
export async function* inBatches<Key>({ pick, change }: BatchedRows<Key>): AsyncGenerator<number> {
  let size = FIRST_BATCH_SIZE;
  let after: Key | undefined;
  for (;;) {
    const last = await pick(after, size);
    if (last === undefined) return;
    const range = after === undefined ? { last } : { after, last };
    const begun = performance.now();
    const changed = await change(range);
    size = nextBatchSize({ size, tookMs: performance.now() - begun });
    after = last;
    yield changed;
  }
}
