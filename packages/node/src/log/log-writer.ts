import { isPrivacyError, PrivacyError } from "@miniprivacy/core/errors";
import type { LogFrontier } from "@miniprivacy/core/log";
import type { Database, Unit } from "../database/database.ts";
import type { ChangeBus, LogChange } from "./change-bus.ts";
import { appendBatch, appendInTransaction, loadLogHead, type RunStatement } from "./log-append.ts";
import {
  type AppendRefusal,
  type LogAppend,
  type LogContent,
  prepareLogEntry,
} from "./log-entry.ts";

/** What became of one entry. */
export type AppendResult =
  | { readonly appended: true; readonly leafIndex: number }
  | { readonly appended: false; readonly reason: AppendRefusal };

/** Writes the log for a whole process. What was committed is announced before the caller goes on. */
export interface LogWriter {
  /**
   * Resolves once the entry is committed, or refused; callers that come together share a statement. Rejects when the
   * database fails; then nothing was appended, unless the connection broke while it was committing.
   *
   * @throws PrivacyError `ERR_INPUT_TOO_LARGE` for an entry of more than a megabyte.
   */
  append(append: LogAppend): Promise<AppendResult>;
  /** Runs a transaction that writes to other tables and to the log together. */
  transaction<Result>(work: (unit: LogUnit) => Promise<Result>): Promise<Result>;
  /** Settles every caller that waits, and takes no other. */
  close(): Promise<void>;
}

/** A transaction that can write to the log: with its first entry it holds the log's head. */
export interface LogUnit {
  readonly unit: Unit;
  /**
   * @param statement The signed statement made with the entry (null).
   * @returns The index of the entry's leaf.
   */
  readonly append: (
    content: LogContent,
    recordedAt: Date,
    statement?: string | null,
  ) => Promise<number>;
}

/** The most one statement carries. */
export const BATCH_ENTRIES = 1000;
const BATCH_BYTES = 1_000_000;

interface Waiting {
  readonly append: LogAppend;
  readonly bytes: number;
  /** What it decides about. */
  readonly keys: readonly string[];
  resolve(result: AppendResult): void;
  reject(cause: unknown): void;
}

export function createLogWriter(
  { tables, prepared }: Pick<Database, "tables" | "prepared">,
  changes: Pick<ChangeBus, "announce">,
): LogWriter {
  const run: RunStatement = async (text, values) => {
    const [row] = await prepared<Awaited<ReturnType<RunStatement>>>("append-batch", text, values);
    return row!;
  };
  let waiting: Waiting[] = [];
  let head: LogFrontier | undefined;
  let writing: Promise<void> | undefined;
  let closed = false;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const [batch, rest] = takeBatch(waiting);
      waiting = rest;
      await writeBatch(new Set(batch));
    }
    writing = undefined;
  }

  async function writeBatch(open: Set<Waiting>): Promise<void> {
    try {
      await commit(open);
    } catch (cause) {
      head = undefined;
      if (open.size === 1 || isUnavailable(cause)) rejectAll(open, cause);
      else await writeSingly(open);
    }
  }

  /** One entry may have spoiled the statement: each is tried alone, and only those that fail alone are rejected. */
  async function writeSingly(open: Set<Waiting>): Promise<void> {
    for (const one of open) {
      open.delete(one);
      try {
        await commit(new Set([one]));
      } catch (cause) {
        head = undefined;
        one.reject(cause);
        if (isUnavailable(cause)) return rejectAll(open, cause);
      }
    }
  }

  /** Takes out of the set whoever has an answer. */
  async function commit(open: Set<Waiting>): Promise<void> {
    while (open.size > 0) {
      const batch = [...open];
      head ??= await loadLogHead(tables);
      const first = head.size;
      const outcome = await appendBatch(
        run,
        head,
        batch.map(({ append }) => append),
      );
      if (outcome.appended) {
        head = outcome.head;
        changes.announce(
          batch.map(({ append: { entry } }, i) => ({
            leafIndex: first + i,
            tenant: entry.tenant,
            kind: entry.kind,
            subjectRef: entry.subjectRef,
          })),
        );
        batch.forEach((one, i) => one.resolve({ appended: true, leafIndex: first + i }));
        return;
      }
      for (const [position, reason] of outcome.refused) {
        batch[position]!.resolve({ appended: false, reason });
        open.delete(batch[position]!);
      }
      if (outcome.refused.size === 0) head = undefined;
    }
  }

  return {
    async append(append) {
      if (closed) throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "closed" });
      const bytes = append.entry.body.length + (append.statement?.length ?? 0);
      if (bytes > BATCH_BYTES) throw new PrivacyError("ERR_INPUT_TOO_LARGE");
      const keys = conflictKeys(append);
      return new Promise((resolve, reject) => {
        waiting.push({ append, bytes, keys, resolve, reject });
        writing ??= write();
      });
    },
    async close() {
      closed = true;
      await writing;
    },
    async transaction(work) {
      const appended: LogChange[] = [];
      const result = await tables.transaction().execute((unit) =>
        work({
          unit,
          async append(content, recordedAt, statement = null) {
            const entry = prepareLogEntry(content);
            const leafIndex = await appendInTransaction(unit, { entry, statement, recordedAt });
            const { tenant, kind, subjectRef } = content;
            appended.push({ leafIndex, tenant, kind, subjectRef });
            return leafIndex;
          },
        }),
      );
      if (appended.length > 0) changes.announce(appended);
      return result;
    },
  };
}

/** A database that does not answer does so for nobody: it is not asked for each entry anew. */
function isUnavailable(cause: unknown): boolean {
  return isPrivacyError(cause) && cause.code === "ERR_STORE_UNAVAILABLE";
}

function rejectAll(open: ReadonlySet<Waiting>, cause: unknown): void {
  for (const one of open) one.reject(cause);
}

/** As many as fit, no two of which decide about the same: the second of those must see the first. */
function takeBatch(waiting: readonly Waiting[]): [batch: Waiting[], rest: Waiting[]] {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  for (const [position, one] of waiting.entries()) {
    const full = batch.length === BATCH_ENTRIES || bytes + one.bytes > BATCH_BYTES;
    if (full) return [batch, [...rest, ...waiting.slice(position)]];
    if (one.keys.some((key) => taken.has(key))) {
      rest.push(one);
    } else {
      batch.push(one);
      bytes += one.bytes;
    }
    for (const key of one.keys) taken.add(key);
  }
  return [batch, rest];
}

function conflictKeys({
  entry: { tenant, dedupeKey, subjectRef, topic },
}: LogAppend): readonly string[] {
  const keys = dedupeKey === null ? [] : [JSON.stringify([tenant, dedupeKey])];
  return topic === undefined ? keys : [...keys, JSON.stringify([tenant, subjectRef, topic])];
}
