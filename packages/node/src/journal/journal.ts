import type { Database } from "../database/database.ts";

/**
 * A second memory of the log, outside the database and its backups: when the database is restored from a backup, the
 * journal tells. It is written one process at a time, in the order of the log.
 */
export interface Journal {
  /**
   * Where it stands. Changes nothing: another process may be writing.
   *
   * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when it cannot be read, or what it holds was damaged.
   */
  position(): Promise<JournalPosition>;
  /** Adds records; they are durable when this resolves. */
  append(records: readonly JournalRecord[]): Promise<void>;
  /**
   * Every record from the first on, in order, never all of them in memory; leaves that were added together may come in
   * parts. Changes nothing.
   *
   * @throws PrivacyError as `position`; a record that is missing is noticed too.
   */
  read(): AsyncIterable<JournalRecord>;
  /**
   * Drops the ledger's records of before a moment and keeps everything else in its order. What it drops leaves a record of
   * type `forgotten`, so that nobody takes the journal for complete.
   *
   * @returns How many records went.
   */
  forget(before: Date): Promise<number>;
  /** Whether a backup of a database takes it along (it does not). */
  liesIn?(database: Pick<Database, "folder" | "kind" | "tables">): Promise<boolean>;
}

export interface JournalPosition {
  /** Whether it holds anything: one that is missing or empty does not. */
  readonly begun: boolean;
  /** How many leaves it holds. */
  readonly size: number;
  /** The hash of the last of them. */
  readonly lastLeaf?: Uint8Array;
}

export type JournalRecord =
  /** The first of all, written while the log is still empty. */
  | { readonly type: "start" }
  | {
      readonly type: "leaves";
      /** Index of the first. */
      readonly from: number;
      readonly hashes: readonly Uint8Array[];
    }
  /** A checkpoint that is about to be published. */
  | { readonly type: "checkpoint"; readonly note: string }
  | LedgerRecord
  | ForgottenRecord;

/** Records of the ledger were dropped. */
export interface ForgottenRecord {
  readonly type: "forgotten";
  /** Of the last of them, RFC 3339. */
  readonly at: string;
  /** How many leaves the log had then. */
  readonly size: number;
}

/** What a restored database must not forget: an erasure, or a consent that is no more. */
export interface LedgerRecord {
  readonly type: "ledger";
  /** RFC 3339 */
  readonly at: string;
  /** How many leaves the log had then. */
  readonly size: number;
  /** JSON that is nothing to the journal. Nobody is named in it. */
  readonly entry: object;
}
