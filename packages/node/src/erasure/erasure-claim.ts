import type { RequestState } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { sql } from "kysely";
import type { Unit } from "../database/database.ts";
import { everyTenant } from "../database/tenant-guard.ts";

/** An erasure that this process is carrying out. */
export interface ErasureClaim {
  readonly tenant: string;
  readonly requestId: string;
  /** Raised by every claim: whoever holds an older number writes nothing any more. */
  readonly fence: number;
  readonly subjectRef: string;
  readonly state: RequestState;
  readonly receivedAt: Date;
  readonly commitment: string;
}

/** How long a claim stands when its holder is not heard of, by the database's clock. */
const LEASE = sql<Date>`now() + interval '5 seconds'`;
/** How often a holder must be heard of. */
export const RENEW_MS = 1500;

/** Claims an unfinished erasure: `busy` when another process has it, undefined when there is nothing to do. */
export async function claimErasure(
  unit: Unit,
  tenant: string,
  id: string,
): Promise<ErasureClaim | "busy" | undefined> {
  const row = await unit
    .updateTable("subject_request")
    .set({ fence: sql<number>`fence + 1`, claimed_until: LEASE })
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where("state", "in", ["accepted", "executing"])
    .where((is) =>
      is.or([is("claimed_until", "is", null), is("claimed_until", "<", sql<Date>`now()`)]),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return (await isUnfinished(unit, tenant, id)) ? "busy" : undefined;
  if (row.commitment === null)
    throw new PrivacyError("ERR_INTERNAL", { detail: "an erasure lost its commitment" });
  return {
    tenant,
    requestId: id,
    fence: row.fence,
    subjectRef: row.subject_ref,
    state: row.state as RequestState,
    receivedAt: row.received_at,
    commitment: row.commitment,
  };
}

/** Says that the holder is alive. False once another process has claimed the erasure. */
export async function renewClaim(unit: Unit, claim: ErasureClaim): Promise<boolean> {
  const { numUpdatedRows } = await ownClaim(unit, claim)
    .set({ claimed_until: LEASE })
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Lets another process claim at once what this one gives up. */
export async function releaseClaim(unit: Unit, claim: ErasureClaim): Promise<void> {
  await ownClaim(unit, claim).set({ claimed_until: null }).execute();
}

/**
 * Holds the claim until the end of the transaction.
 *
 * @throws PrivacyError `ERR_REQUEST_STATE` when another process has claimed the erasure since.
 */
export async function requireClaim(
  unit: Unit,
  { tenant, requestId, fence }: ErasureClaim,
): Promise<void> {
  const row = await unit
    .selectFrom("subject_request")
    .select("fence")
    .where("tenant", "=", tenant)
    .where("id", "=", requestId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.fence !== fence)
    throw new PrivacyError("ERR_REQUEST_STATE", { detail: "another process carries it out" });
}

/** A process that holds the database alone takes over at once what the one before it had claimed. */
export async function forgetClaims(unit: Unit): Promise<void> {
  await everyTenant(unit).updateTable("subject_request").set({ claimed_until: null }).execute();
}

function ownClaim(unit: Unit, { tenant, requestId, fence }: ErasureClaim) {
  return unit
    .updateTable("subject_request")
    .where("tenant", "=", tenant)
    .where("id", "=", requestId)
    .where("fence", "=", fence);
}

async function isUnfinished(unit: Unit, tenant: string, id: string): Promise<boolean> {
  const row = await unit
    .selectFrom("subject_request")
    .select("id")
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where("state", "in", ["accepted", "executing"])
    .executeTakeFirst();
  return row !== undefined;
}
