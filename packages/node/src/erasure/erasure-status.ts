import type { RequestKind, RequestState } from "@miniprivacy/core";
import { sql } from "kysely";
import type { Unit } from "../database/database.ts";
import { everyTenant } from "../database/tenant-guard.ts";
import { QUEUE_SCHEMA } from "../queue/job-queue.ts";
import type { StoreFault } from "./ask-store.ts";
import { isUnfinished } from "./erasure-claim.ts";

/** An erasure or a withdrawal that has not come to its end. */
export interface UnfinishedErasure {
  readonly tenant: string;
  readonly id: string;
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly receivedAt: string;
  /** When it is tried next; null while a process is at it, or has just taken it. */
  readonly nextAttemptAt: string | null;
  /** The stores that the last attempt failed at. */
  readonly failing: readonly FailingStore[];
}

export interface FailingStore {
  readonly store: string;
  readonly record: string;
  readonly attempts: number;
  readonly fault: StoreFault | null;
}

/** What the deployment has still to erase, of all tenants, the oldest first. */
export async function unfinishedErasures(unit: Unit): Promise<readonly UnfinishedErasure[]> {
  const all = everyTenant(unit);
  const rows = await all
    .selectFrom("subject_request")
    .select(["tenant", "id", "kind", "state", "received_at"])
    .where(isUnfinished)
    .orderBy("received_at")
    .orderBy("id")
    .execute();
  const attempts = await nextAttempts(all);
  return Promise.all(
    rows.map(async ({ tenant, id, kind, state, received_at }) => ({
      tenant,
      id,
      kind: kind as RequestKind,
      state: state as RequestState,
      receivedAt: received_at.toISOString(),
      nextAttemptAt: attempts.get(keyOf(tenant, id))?.toISOString() ?? null,
      failing: await failingSteps(unit, tenant, id),
    })),
  );
}

async function failingSteps(
  unit: Unit,
  tenant: string,
  id: string,
): Promise<readonly FailingStore[]> {
  return unit
    .selectFrom("erasure_step")
    .select(["store", "record", "attempts", "fault"])
    .where("tenant", "=", tenant)
    .where("request_id", "=", id)
    .where("outcome", "=", "failed")
    .orderBy("position")
    .execute();
}

/** By request, when the queue hands it out next. */
async function nextAttempts(unit: Unit): Promise<ReadonlyMap<string, Date>> {
  const jobs = sql.id(QUEUE_SCHEMA, "job");
  const { rows } = await sql<{ tenant: string; requestId: string; at: Date | string }>`
    select data ->> 'tenant' as tenant, data ->> 'requestId' as "requestId", start_after as at
    from ${jobs} where name = 'erasure' and state in ('created', 'retry')`.execute(unit);
  return new Map(rows.map(({ tenant, requestId, at }) => [keyOf(tenant, requestId), new Date(at)]));
}

function keyOf(tenant: string, id: string): string {
  return JSON.stringify([tenant, id]);
}
