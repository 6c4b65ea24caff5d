import type { AccessDenialReason } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Runtime } from "../runtime.ts";

/** One read, or one denied. Names the subject by subjectRef only. */
export interface AccessEntry {
  readonly tenant: string;
  readonly subjectRef: string | null;
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly permitted: boolean;
  readonly reason?: AccessDenialReason;
  /** The code or role that read. */
  readonly caller: string;
}

/** Keeps entries in memory for at most half a second, then writes them in one statement. */
export interface AccessLog {
  /** @throws PrivacyError `ERR_STORE_UNAVAILABLE` when entries pile up unwritten: what cannot be logged is not read. */
  add(entry: AccessEntry): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 500;
const MAX_PENDING = 10_000;

export function createAccessLog(
  { database, now }: Pick<Runtime, "database" | "now">,
  onError: (cause: unknown) => void,
): AccessLog {
  let pending: { readonly entry: AccessEntry; readonly at: Date }[] = [];
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush().catch(onError), FLUSH_MS);
  timer.unref();

  function add(entry: AccessEntry): void {
    if (pending.length >= MAX_PENDING)
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "access log" });
    pending.push({ entry, at: new Date(now()) });
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => undefined).then(write);
    return writing;
  }

  async function write(): Promise<void> {
    if (pending.length === 0) return;
    const batch = pending;
    pending = [];
    try {
      await database.tables
        .insertInto("access_log")
        .values(
          batch.map(({ entry: { subjectRef, categories, reason, ...entry }, at }) => ({
            ...entry,
            at,
            subject_ref: subjectRef,
            categories: [...categories],
            reason: reason ?? null,
            count: 1,
          })),
        )
        .execute();
    } catch (cause) {
      pending = [...batch, ...pending];
      throw cause;
    }
  }

  return {
    add,
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
