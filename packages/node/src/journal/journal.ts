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
  /** The folder it lies in, when it lies in one. */
  readonly folder?: string;
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
  | { readonly type: "checkpoint"; readonly note: string };
