import { setTimeout as sleep } from "node:timers/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import { frontierRoot, type LogFrontier } from "@miniprivacy/core/log";
import type { Database, Unit } from "../database/database.ts";
import { tryJournalTurn } from "../journal/journal-turn.ts";
import type { Journal } from "../journal/journal.ts";
import { writeLeaves } from "../journal/write-leaves.ts";
import type { Keys } from "../key/keys.ts";
import type { ChangeBus } from "./change-bus.ts";
import { loadLogHead } from "./log-append.ts";

/** A signed checkpoint, and how many leaves it covers. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly note: string;
}

/** Signs how far the log has come, behind the appends, and only what the journal holds already. */
export interface CheckpointService {
  /** The newest one that this process has seen; none in its first moments. */
  readonly latest: SignedCheckpoint | undefined;
  /**
   * The newest there is; waits for the first of all at most two seconds.
   *
   * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when there is none by then.
   */
  newest(): Promise<SignedCheckpoint>;
  /** One that covers a leaf; waits for it at most two seconds. Undefined when there is none, or no such leaf. */
  covering(leafIndex: number): Promise<SignedCheckpoint | undefined>;
  close(): Promise<void>;
}

/** How long after an append the log is followed. */
const DELAY_MS = 200;
const RETRY_MS = 1000;
const PATIENCE_MS = 2000;
const POLL_MS = 50;

interface CheckpointOptions {
  readonly database: Database;
  readonly keys: Keys;
  readonly journal: Journal | undefined;
  readonly changes: ChangeBus;
}

export function createCheckpointService(
  { database, keys, journal, changes }: CheckpointOptions,
  onError: (cause: unknown) => void,
): CheckpointService {
  const { tables } = database;
  let latest: SignedCheckpoint | undefined;
  let timer: NodeJS.Timeout | undefined;
  let advancing: Promise<void> = Promise.resolve();
  let closed = false;

  function advanceSoon(delayMs: number): void {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      advance().catch((cause: unknown) => {
        onError(cause);
        advanceSoon(RETRY_MS);
      });
    }, delayMs).unref();
  }

  /** One at a time in this process, and by the lock among all processes. */
  function advance(): Promise<void> {
    advancing = advancing.catch(() => undefined).then(takeTurn);
    return advancing;
  }

  async function takeTurn(): Promise<void> {
    latest = await tables.transaction().execute(async (unit) => {
      const turn = await tryJournalTurn(unit);
      const last = await loadCheckpoint(unit);
      const head = await loadLogHead(unit);
      // Whoever has the turn may die before it gets so far.
      if (!turn && last?.size !== head.size) advanceSoon(RETRY_MS);
      return turn && last?.size !== head.size ? sign(unit, head) : last;
    });
  }

  async function sign(unit: Unit, head: LogFrontier): Promise<SignedCheckpoint> {
    const { size } = head;
    if (journal !== undefined) await writeLeaves(unit, journal, size);
    const note = keys.log.signCheckpoint({ size, root: frontierRoot(head) });
    await journal?.append([{ type: "checkpoint", note }]);
    await unit
      .insertInto("log_checkpoint")
      .values({ id: 1, size, note })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ size, note }))
      .execute();
    return { size, note };
  }

  /** The newest of at least so many leaves; undefined when there is none in two seconds. */
  async function ofSize(size: number): Promise<SignedCheckpoint | undefined> {
    const isThere = async (): Promise<boolean> => {
      latest = await loadCheckpoint(tables);
      return latest !== undefined && latest.size >= size;
    };
    if (await isThere()) return latest;
    await advance();
    return (await waitFor(isThere)) ? latest : undefined;
  }

  async function newest(): Promise<SignedCheckpoint> {
    const checkpoint = await ofSize(0);
    if (checkpoint !== undefined) return checkpoint;
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "no checkpoint yet" });
  }

  async function covering(leafIndex: number): Promise<SignedCheckpoint | undefined> {
    if ((await loadLogHead(tables)).size <= leafIndex) return undefined;
    return ofSize(leafIndex + 1);
  }

  changes.subscribe(() => advanceSoon(DELAY_MS));
  advanceSoon(0);
  return {
    get latest() {
      return latest;
    },
    newest,
    covering,
    async close() {
      closed = true;
      clearTimeout(timer);
      await advance().catch(onError);
    },
  };
}

async function loadCheckpoint(unit: Unit): Promise<SignedCheckpoint | undefined> {
  const row = await unit.selectFrom("log_checkpoint").select(["size", "note"]).executeTakeFirst();
  return row && { size: Number(row.size), note: row.note };
}

async function waitFor(condition: () => Promise<boolean>): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    if (await condition()) return true;
    await sleep(POLL_MS);
  }
  return false;
}
