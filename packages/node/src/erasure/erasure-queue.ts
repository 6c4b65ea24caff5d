import type { Database } from "../database/database.ts";
import { type ErasureRunner, unfinishedErasures } from "./erasure-run.ts";

/** Runs erasures one after the other in this process; what a stopped process left is taken up by {@link resume}. */
export interface ErasureQueue {
  push(tenant: string, requestId: string): void;
  resume(): Promise<void>;
  idle(): Promise<void>;
}

const RETRY_DELAYS_MS = [200, 1_000, 5_000] as const;

export function createErasureQueue(
  runner: ErasureRunner,
  database: Database,
  onError: (cause: unknown) => void,
): ErasureQueue {
  let tail: Promise<void> = Promise.resolve();

  async function attempt(tenant: string, requestId: string): Promise<void> {
    for (const delay of [...RETRY_DELAYS_MS, undefined]) {
      try {
        return await runner.run(tenant, requestId);
      } catch (cause) {
        onError(cause);
        if (delay === undefined) return;
        await new Promise((resolve) => setTimeout(resolve, delay).unref());
      }
    }
  }

  function push(tenant: string, requestId: string): void {
    tail = tail.then(() => attempt(tenant, requestId));
  }

  return {
    push,
    async resume() {
      for (const { tenant, id } of await unfinishedErasures(database.tables)) push(tenant, id);
    },
    idle: () => tail,
  };
}
