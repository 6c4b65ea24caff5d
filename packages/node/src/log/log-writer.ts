import type { LogFrontier } from "@miniprivacy/core/log";
import type { Database } from "../database/database.ts";
import { appendBatch, loadLogHead, type RunStatement } from "./log-append.ts";
import type { AppendRefusal, LogAppend } from "./log-entry.ts";

/** What became of one entry. */
export type AppendResult =
  | { readonly appended: true; readonly leafIndex: number }
  | { readonly appended: false; readonly reason: AppendRefusal };

/** Appends for a whole process: callers that come together share a statement. */
export interface LogWriter {
  /** Resolves once the entry is committed, or refused. Rejects when the database fails; then nothing was appended. */
  append(append: LogAppend): Promise<AppendResult>;
}

/** The most one statement carries. */
export const BATCH_ENTRIES = 1000;
const BATCH_BYTES = 1_000_000;

interface Waiting {
  readonly append: LogAppend;
  resolve(result: AppendResult): void;
  reject(cause: unknown): void;
}

export function createLogWriter({
  tables,
  prepared,
}: Pick<Database, "tables" | "prepared">): LogWriter {
  const run: RunStatement = async (text, values) => {
    const [row] = await prepared<Awaited<ReturnType<RunStatement>>>("append-batch", text, values);
    return row!;
  };
  let waiting: Waiting[] = [];
  let head: LogFrontier | undefined;
  let writing = false;

  async function write(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const [batch, rest] = takeBatch(waiting);
      waiting = rest;
      await writeBatch(batch);
    }
    writing = false;
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      await commit(batch);
    } catch (cause) {
      head = undefined;
      // One entry may have spoiled the statement: each is tried alone, and only those that fail alone are rejected.
      if (batch.length > 1) for (const one of batch) await writeBatch([one]);
      else batch[0]?.reject(cause);
    }
  }

  async function commit(entries: readonly Waiting[]): Promise<void> {
    for (let batch = entries; batch.length > 0;) {
      head ??= await loadLogHead(tables);
      const first = head.size;
      const outcome = await appendBatch(
        run,
        head,
        batch.map(({ append }) => append),
      );
      if (outcome.appended) {
        head = outcome.head;
        batch.forEach((one, i) => one.resolve({ appended: true, leafIndex: first + i }));
        return;
      }
      for (const [position, reason] of outcome.refused)
        batch[position]!.resolve({ appended: false, reason });
      if (outcome.refused.size === 0) head = undefined;
      batch = batch.filter((_entry, position) => !outcome.refused.has(position));
    }
  }

  return {
    append: (append) =>
      new Promise((resolve, reject) => {
        waiting.push({ append, resolve, reject });
        if (!writing) void write();
      }),
  };
}

/** As many as fit, no two of which decide about the same: the second of those must see the first. */
function takeBatch(waiting: readonly Waiting[]): [batch: Waiting[], rest: Waiting[]] {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  for (const one of waiting) {
    const { entry, statement } = one.append;
    const keys = conflictKeys(one.append);
    const size = entry.body.length + (statement?.length ?? 0);
    const fits =
      batch.length === 0 || (batch.length < BATCH_ENTRIES && bytes + size <= BATCH_BYTES);
    if (!fits || keys.some((key) => taken.has(key))) {
      rest.push(one);
    } else {
      batch.push(one);
      bytes += size;
    }
    for (const key of keys) taken.add(key);
  }
  return [batch, rest];
}

function conflictKeys({
  entry: { tenant, dedupeKey, subjectRef, topic },
}: LogAppend): readonly string[] {
  const keys = dedupeKey === null ? [] : [JSON.stringify([tenant, dedupeKey])];
  return topic === undefined ? keys : [...keys, JSON.stringify([tenant, subjectRef, topic])];
}
