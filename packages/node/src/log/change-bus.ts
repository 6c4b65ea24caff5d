import type { Database } from "../database/database.ts";
import { everyTenant } from "../database/tenant-guard.ts";

/** Something was written to the log, about somebody or about nobody. */
export interface LogChange {
  /** Its place in the log: whoever has read the log further than this knows of it already. */
  readonly leafIndex: number;
  readonly tenant: string;
  readonly kind: string;
  readonly subjectRef: string | null;
}

/** What listeners are told: the changes, or that there were too many to tell. */
export type LogChanges = readonly LogChange[] | "all";

/** Tells a process what was written to the log, by itself and by others, so that nothing stale is used for long. */
export interface ChangeBus {
  /** Tells what this process committed. Listeners have heard it when this returns. */
  announce(changes: readonly LogChange[]): void;
  subscribe(listener: (changes: LogChanges) => void): void;
  /**
   * Up to when, on the monotonic clock in milliseconds, what is known may be used: one second after the last moment
   * from which everything committed has been heard.
   */
  freshUntil(): number;
  close(): Promise<void>;
}

/** How old what a process knows may be. */
export const FRESH_MS = 1000;
const POLL_MS = 250;

/**
 * Whether what was asked for at a moment may be used still. Moments are of the monotonic clock, milliseconds.
 *
 * @param heardUntil Of {@link ChangeBus.freshUntil}, where a change would be told (0).
 */
export function isFresh(readAt: number, heardUntil: number): boolean {
  return performance.now() <= Math.max(readAt + FRESH_MS, heardUntil);
}

/** Past so many changes at once, listeners drop everything. */
const MOST_CHANGES = 1000;
const CHANNEL = "miniprivacy_log";

/** Opens the bus of a database: within the process for an embedded one, over the server for PostgreSQL. */
export async function openChangeBus(
  database: Database,
  onError: (cause: unknown) => void,
): Promise<ChangeBus> {
  const listeners: ((changes: LogChanges) => void)[] = [];
  const tell = (changes: LogChanges): void => listeners.forEach((listener) => listener(changes));
  const subscribe: ChangeBus["subscribe"] = (listener) => void listeners.push(listener);
  if (database.listen === undefined) {
    const freshUntil = (): number => performance.now() + FRESH_MS;
    return { announce: tell, subscribe, freshUntil, close: async () => {} };
  }
  const tail = await followTail(database, tell, onError);
  const notifications = await database.listen(CHANNEL, () => tail.poll());
  return {
    announce(changes) {
      tell(changes);
      notifications.notify();
    },
    subscribe,
    freshUntil: () => tail.freshUntil(),
    async close() {
      await tail.close();
      await notifications.close();
    },
  };
}

interface Tail {
  poll(): void;
  freshUntil(): number;
  close(): Promise<void>;
}

/** Follows the log's end: asks at every notification, and several times a second without one. */
async function followTail(
  { tables }: Database,
  tell: (changes: LogChanges) => void,
  onError: (cause: unknown) => void,
): Promise<Tail> {
  let seen = await headSize(tables);
  let heardAt = performance.now();
  let polling: Promise<void> | undefined;
  let again = false;

  async function catchUp(): Promise<void> {
    const asked = performance.now();
    const size = await headSize(tables);
    if (size !== seen) tell(await changesBetween(tables, seen, size));
    seen = size;
    heardAt = asked;
  }

  /** One at a time; a call during one starts another after it. */
  function poll(): void {
    if (polling !== undefined) {
      again = true;
      return;
    }
    polling = catchUp()
      .catch(onError)
      .finally(() => {
        polling = undefined;
        if (again) poll();
      });
    again = false;
  }

  const timer = setInterval(poll, POLL_MS);
  timer.unref();
  return {
    poll,
    freshUntil: () => heardAt + FRESH_MS,
    async close() {
      clearInterval(timer);
      await polling;
    },
  };
}

async function headSize(tables: Database["tables"]): Promise<number> {
  const { size } = await tables.selectFrom("log_head").select("size").executeTakeFirstOrThrow();
  return Number(size);
}

async function changesBetween(
  tables: Database["tables"],
  from: number,
  to: number,
): Promise<LogChanges> {
  if (to < from || to - from > MOST_CHANGES) return "all";
  const rows = await everyTenant(tables)
    .selectFrom("log_event")
    .select(["leaf_index", "tenant", "kind", "subject_ref"])
    .where("leaf_index", ">=", from)
    .where("leaf_index", "<", to)
    .execute();
  return rows.map(({ leaf_index, tenant, kind, subject_ref }) => ({
    leafIndex: Number(leaf_index),
    tenant,
    kind,
    subjectRef: subject_ref,
  }));
}
