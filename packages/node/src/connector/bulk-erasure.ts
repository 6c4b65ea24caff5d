import type { PersonalRecord } from "@miniprivacy/core/policy";

/** Rows of everybody: a tenant's, or fewer. */
export interface BulkSelection {
  readonly tenant: string;
  /** Only these fields of them (the rows themselves). */
  readonly fields?: readonly string[];
  /** Only rows collected until then, by the field that tells when; a row that does not tell is among them. */
  readonly collected?: { readonly field: string; readonly until: Date };
}

/** What a bulk erasure is about in one record. */
export interface BulkCount {
  /** Rows that hold something that is to be erased. */
  readonly rows: number;
  /** How many people they are of. */
  readonly persons: number;
}

/** Erases for everybody at once, as a platform demands it, or at the end of a tenant. */
export interface BulkErasure {
  count(record: PersonalRecord, selection: BulkSelection): Promise<BulkCount>;
  /**
   * Erases in batches, each durable by itself, and yields how many rows it took: whoever stops between two of them and
   * begins anew later has lost nothing.
   */
  erase(record: PersonalRecord, selection: BulkSelection): AsyncIterable<number>;
}
