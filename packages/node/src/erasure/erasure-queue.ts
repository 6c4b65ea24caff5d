import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Unit } from "../database/database.ts";
import { everyTenant } from "../database/tenant-guard.ts";
import { openJobQueue } from "../queue/job-queue.ts";
import { unsettledErasures } from "../journal/erasure-ledger.ts";
import { isUnfinished } from "./erasure-claim.ts";
import type { ErasureRunner } from "./erasure-run.ts";
import { forgetClaims } from "./run-claim.ts";

/** Sees to it that every accepted erasure and every withdrawal is carried out, whatever becomes of this process. */
export interface ErasureQueue {
  /** Adds an erasure or a demand as part of the caller's transaction. */
  push(unit: Unit, tenant: string, requestId: string, delayMs?: number): Promise<void>;
  /** Starts what was pushed, once its transaction has committed. */
  wake(): void;
  /** Until no erasure of the deployment is unfinished, but those that are put off, and the journal knows of each. */
  idle(): Promise<void>;
  /** Lets a running attempt end and starts no other. */
  close(): Promise<void>;
}

interface ErasureJob {
  readonly tenant: string;
  readonly requestId: string;
}

/** When an erasure is tried again after a fault that was no store's. */
const FAULT_DELAY_MS = 1000;
/** When an erasure that another process has is looked at again. */
const BUSY_DELAY_MS = 2000;
const IDLE_POLL_MS = 20;

export async function openErasureQueue(
  runner: ErasureRunner,
  database: Database,
  onError: (cause: unknown) => void,
): Promise<ErasureQueue> {
  const { tables } = database;
  if (database.kind === "embedded") await forgetClaims(tables);
  const queue = await openJobQueue<ErasureJob>(database, {
    name: "erasure",
    keyOf: ({ tenant, requestId }) => JSON.stringify([tenant, requestId]),
    work,
    onError,
  });

  async function work(job: ErasureJob): Promise<void> {
    const outcome = await runner.run(job.tenant, job.requestId).catch((cause: unknown) => {
      onError(cause);
      return { retryInMs: FAULT_DELAY_MS };
    });
    if (outcome === "finished") return;
    await queue.send(tables, job, outcome === "busy" ? BUSY_DELAY_MS : outcome.retryInMs);
  }

  const left = [...(await unfinished(tables)), ...(await unsettledErasures(tables))];
  for (const { tenant, requestId } of left) await queue.send(tables, { tenant, requestId });
  queue.wake();
  return {
    push: (unit, tenant, requestId, delayMs) => queue.send(unit, { tenant, requestId }, delayMs),
    wake: () => queue.wake(),
    async idle() {
      while (
        (await unfinished(tables)).some(({ state }) => state !== "restricted") ||
        (await unsettledErasures(tables)).length > 0
      )
        await sleep(IDLE_POLL_MS);
    },
    close: () => queue.close(),
  };
}

/** Asks over all tenants: a queue belongs to the deployment. */
async function unfinished(
  unit: Unit,
): Promise<readonly (ErasureJob & { readonly state: string })[]> {
  const all = everyTenant(unit);
  const requests = await all
    .selectFrom("subject_request")
    .select(["tenant", "id", "state"])
    .where(isUnfinished)
    .execute();
  const demands = await all
    .selectFrom("demand")
    .select(["tenant", "id", "state"])
    .where("state", "=", "open")
    .execute();
  return [...requests, ...demands].map(({ tenant, id, state }) => ({
    tenant,
    requestId: id,
    state,
  }));
}
