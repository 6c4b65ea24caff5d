import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../database/database.ts";
import { unfinishedErasures } from "./erasure-request.ts";
import type { ErasureRunner } from "./erasure-run.ts";

/** Runs erasures of this process one at a time; what a stopped process left is taken up by {@link resume}. */
export interface ErasureQueue {
  push(tenant: string, requestId: string): void;
  resume(): Promise<void>;
  /** Until nothing is running or waiting for another attempt. */
  idle(): Promise<void>;
  /** Lets a running attempt end and starts no other. */
  close(): Promise<void>;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 60_000;

export function createErasureQueue(
  runner: ErasureRunner,
  database: Database,
  onError: (cause: unknown) => void,
): ErasureQueue {
  const active = new Set<Promise<void>>();
  const closing = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();

  /** Tries until the run ends, waiting twice as long after each fault; waiting holds nobody else up. */
  async function work(tenant: string, requestId: string): Promise<void> {
    for (let attempt = 1; !closing.signal.aborted; attempt++) {
      const run = turn.then(() => runner.run(tenant, requestId, attempt));
      turn = run.catch(() => undefined);
      try {
        return await run;
      } catch (cause) {
        onError(cause);
        const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
        await sleep(delay, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  function push(tenant: string, requestId: string): void {
    const working = work(tenant, requestId).finally(() => active.delete(working));
    active.add(working);
  }

  async function idle(): Promise<void> {
    while (active.size > 0) await Promise.all(active);
  }

  return {
    push,
    idle,
    async resume() {
      for (const { tenant, id } of await unfinishedErasures(database.tables)) push(tenant, id);
    },
    async close() {
      closing.abort();
      await idle();
    },
  };
}
