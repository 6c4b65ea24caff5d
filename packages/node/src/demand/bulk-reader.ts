import { performance } from "node:perf_hooks";
import type { BulkCount, BulkErasure, BulkSelection } from "../connector/bulk-erasure.ts";
import { askStore, LONGEST_TIMER_MS, type StoreAnswer } from "../erasure/ask-store.ts";
import { bulkOf } from "./bulk-by-subject.ts";
import { readDescription, readRemnants, type StoreReader } from "../erasure/store-reader.ts";
import type { DemandTarget } from "./demand-targets.ts";

/** What whoever carries a demand out is told on the way. */
export interface BulkProgress {
  /** How many people were seen there. */
  readonly seen: (persons: number) => Promise<void>;
  /** Rows erased since the last time. It may throw to put an end to it. */
  readonly erased: (rows: number) => Promise<void>;
}

/** Counting everybody's rows and clearing what was erased take longer than a person's. */
const TIMES_LONGER = 10;
const PROGRESS_MS = 500;

/** A target as a demand asks it. What cannot erase for everybody at once is left to hands. */
export function createBulkReader(
  target: DemandTarget,
  storeTimeoutMs: number,
  { seen, erased }: BulkProgress,
): StoreReader {
  const { connector, record, selection } = target;
  const bulk = bulkOf(connector, selection);
  const timeoutMs = Math.min(storeTimeoutMs * TIMES_LONGER, LONGEST_TIMER_MS);
  const evidence =
    connector.evidence === "declaration"
      ? connector.evidence
      : bulk === undefined
        ? "filed-answer"
        : "read-back";
  // A connector of what hands do says itself what they do.
  const byHand = evidence === "filed-answer" && connector.evidence !== "filed-answer";

  async function count(): Promise<StoreAnswer<number>> {
    const counted = await askStore(timeoutMs, () => bulk!.count(record, selection), readBulkCount);
    if (!counted.ok) return counted;
    await seen(counted.value.persons);
    return { ok: true, value: counted.value.rows };
  }

  let last: StoreAnswer<number> | undefined;

  return {
    evidence,
    count: async () => (last = await count()),
    /** Reading is counting here; rows that come meanwhile would make two counts of what is one. */
    async find() {
      const found = last ?? (await count());
      last = undefined;
      return found;
    },
    erase: () => (bulk === undefined ? done() : eraseAll(bulk)),
    remnants: (now) =>
      askStore(timeoutMs, () => connector.remnants(record, new Date(now)), readRemnants),
    describe: () =>
      askStore(
        timeoutMs,
        () => connector.describe(record.name),
        (answer) =>
          readDescription({ ...target, fields: selection.fields }, answer, {
            selector: (template) => selectorOf(template, selection),
            ...(byHand && { technique: "by hand" }),
          }),
      ),
  };

  async function eraseAll(bulkErasure: BulkErasure): Promise<StoreAnswer<true>> {
    const batches = bulkErasure.erase(record, selection)[Symbol.asyncIterator]();
    let rows = 0;
    let told = performance.now();
    for (;;) {
      const batch = await askStore(timeoutMs, () => batches.next(), readBatch);
      if (!batch.ok) return batch;
      rows += batch.value.rows;
      if (batch.value.last || performance.now() - told > PROGRESS_MS) {
        await erased(rows);
        rows = 0;
        told = performance.now();
      }
      if (batch.value.last) return { ok: true, value: true };
    }
  }
}

async function done(): Promise<StoreAnswer<true>> {
  return { ok: true, value: true };
}

/** A selector's template as it is about everybody: no subject chooses the rows. */
function selectorOf(template: string, { collected }: BulkSelection): string {
  const everybody = template.replaceAll("{subjectId}", "{everybody}");
  if (collected === undefined) return everybody;
  return `${everybody} and ${collected.field} <= ${collected.until.toISOString()}`;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readBulkCount(answer: unknown): BulkCount | undefined {
  const { rows, persons } = (answer ?? {}) as Partial<BulkCount>;
  return isCount(rows) && isCount(persons) ? { rows, persons } : undefined;
}

function readBatch(answer: unknown): { readonly rows: number; readonly last: boolean } | undefined {
  const { done: last, value } = (answer ?? {}) as Partial<IteratorResult<number, unknown>>;
  if (last === true) return { rows: 0, last };
  return isCount(value) ? { rows: value, last: false } : undefined;
}
