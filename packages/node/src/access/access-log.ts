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
  /** Why it was denied; of one let through, why it will be once observing is over. */
  readonly reason?: AccessDenialReason | undefined;
  /** The code or role that read. */
  readonly caller: string;
}

/** Keeps entries in memory for at most half a second, then writes them. */
export interface AccessLog {
  /** @throws PrivacyError `ERR_STORE_UNAVAILABLE` when entries pile up unwritten: what cannot be logged is not read. */
  add(entry: AccessEntry): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 500;
const MAX_PENDING = 10_000;
/** A statement takes 65,535 values, an entry nine. */
const BATCH = 1000;

interface Pending {
  readonly entry: AccessEntry;
  readonly at: Date;
}

export function createAccessLog(
  { database, now }: Pick<Runtime, "database" | "now">,
  onError: (cause: unknown) => void,
): AccessLog {
  const pending: Pending[] = [];
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush().catch(onError), FLUSH_MS);
  timer.unref();

  function add(entry: AccessEntry): void {
    if (pending.length >= MAX_PENDING)
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "access log" });
    // No database takes this character in a text; the entry would hold up all others.
    if ([entry.tenant, entry.purpose, entry.caller].some((text) => text.includes("\0")))
      throw new TypeError("an access entry has a NUL character");
    pending.push({ entry, at: new Date(now()) });
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => undefined).then(write);
    return writing;
  }

  async function write(): Promise<void> {
    while (pending.length > 0) {
      const batch = pending.slice(0, BATCH);
      await insert(batch);
      pending.splice(0, batch.length);
    }
  }

  async function insert(batch: readonly Pending[]): Promise<void> {
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
