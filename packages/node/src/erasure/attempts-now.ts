import { within } from "../within.ts";
import type { ErasureRunner } from "./erasure-run.ts";

/** Attempts that staff ask for, beside those the queue makes: what waits for its next attempt is tried at once. */
export interface AttemptsNow {
  /** Begins one, unless one of these is under way. Whatever comes of it, the queue goes on as it would have. */
  begin(tenant: string, requestId: string): void;
  /** Waits a while for what is under way. */
  close(): Promise<void>;
}

const STOP_MS = 4000;

export function createAttemptsNow(
  runner: ErasureRunner,
  onError: (cause: unknown) => void,
): AttemptsNow {
  const running = new Map<string, Promise<unknown>>();

  return {
    begin(tenant, requestId) {
      const key = JSON.stringify([tenant, requestId]);
      if (running.has(key)) return;
      const attempt = runner
        .run(tenant, requestId)
        .catch(onError)
        .finally(() => running.delete(key));
      running.set(key, attempt);
    },
    async close() {
      await within(STOP_MS, Promise.all(running.values()));
    },
  };
}
