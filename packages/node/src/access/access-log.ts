import type { AccessDenialReason } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Runtime } from "../runtime.ts";

/** What was read, or denied, and by whom. Names the subject by subjectRef only. */
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
  /** Whom the data went to, where it left for somebody else. */
  readonly recipient?: string | undefined;
}

/** Counts reads that are alike; who reads much keeps it, so that a read costs an addition. */
export interface AccessCounter {
  readonly entry: AccessEntry;
}

/** Keeps entries in memory for at most half a second, then writes them. */
export interface AccessLog {
  counter(entry: AccessEntry): AccessCounter;
  /** @returns False when entries pile up unwritten: what cannot be logged is not read. */
  count(counter: AccessCounter): boolean;
  /** Writes when it fills up, for who reads more at once than it holds; never rejects. */
  makeRoom(): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 500;
const MAX_PENDING = 10_000;
/** Room for what tells that the log was full: one entry a purpose, category set and caller. */
const MAX_DENIED_FULL = 1000;
/** A statement takes 65,535 values, an entry ten. */
const BATCH = 1000;

/** Counted since `at`, and not yet written. */
interface Counting extends AccessCounter {
  count: number;
  at: Date | undefined;
}

export function createAccessLog(
  { database, now }: Pick<Runtime, "database" | "now">,
  onError: (cause: unknown) => void,
): AccessLog {
  const pending: Counting[] = [];
  const deniedFull = new Map<string, Counting>();
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush().catch(onError), FLUSH_MS);
  timer.unref();

  function counter(entry: AccessEntry): Counting {
    // No database takes this character in a text; the entry would hold up all others.
    if ([entry.tenant, entry.purpose, entry.caller].some((text) => text.includes("\0")))
      throw new TypeError("an access entry has a NUL character");
    return { entry, count: 0, at: undefined };
  }

  function count(counted: AccessCounter): boolean {
    const counting = counted as Counting;
    // Requirement WX-4.4.6a, WC-3.8a: what cannot be logged is not read.
    if (counting.at === undefined && pending.length >= MAX_PENDING) {
      denyFull(counting.entry);
      return false;
    }
    add(counting);
    return true;
  }

  function add(counting: Counting): void {
    if (counting.at === undefined) {
      counting.at = new Date(now());
      pending.push(counting);
    }
    counting.count++;
  }

  /** Denials are counted whatever happens, though those of a full log for everybody together. */
  function denyFull(entry: AccessEntry): void {
    if (deniedFull.size === 0)
      onError(new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "access log full" }));
    const denial = {
      ...entry,
      subjectRef: null,
      permitted: false,
      reason: "access-log-full",
    } as const;
    const key = JSON.stringify(denial);
    const counting = deniedFull.get(key) ?? counter(denial);
    if (deniedFull.size < MAX_DENIED_FULL) deniedFull.set(key, counting);
    if (deniedFull.has(key)) add(counting);
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => undefined).then(write);
    return writing;
  }

  async function write(): Promise<void> {
    for (let left = pending.length; left > 0; left -= Math.min(left, BATCH)) {
      const batch = pending.slice(0, Math.min(left, BATCH));
      const written = batch.map(({ count: times }) => times);
      await insert(batch, written);
      pending.splice(0, batch.length);
      batch.forEach((counting, i) => settle(counting, written[i]!));
    }
    deniedFull.clear();
  }

  /** What was counted while its entry was on its way is the next entry's. */
  function settle(counting: Counting, written: number): void {
    counting.count -= written;
    counting.at = undefined;
    if (counting.count === 0) return;
    counting.at = new Date(now());
    pending.push(counting);
  }

  async function insert(batch: readonly Counting[], counts: readonly number[]): Promise<void> {
    await database.tables
      .insertInto("access_log")
      .values(
        batch.map(({ entry, at }, i) => ({
          tenant: entry.tenant,
          at: at!,
          subject_ref: entry.subjectRef,
          purpose: entry.purpose,
          categories: [...entry.categories],
          permitted: entry.permitted,
          reason: entry.reason ?? null,
          caller: entry.caller,
          recipient: entry.recipient ?? null,
          count: counts[i]!,
        })),
      )
      .execute();
  }

  return {
    counter,
    count,
    async makeRoom() {
      if (pending.length > MAX_PENDING / 2) await flush().catch(onError);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
