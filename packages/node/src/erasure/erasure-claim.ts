import type { RequestState } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { type Expression, type ExpressionBuilder, sql, type SqlBool } from "kysely";
import type { Unit } from "../database/database.ts";
import type { Tables } from "../database/tables.ts";
import { everyTenant } from "../database/tenant-guard.ts";

/** An erasure or a withdrawal that this process is carrying out. */
export interface ErasureClaim {
  readonly tenant: string;
  readonly requestId: string;
  /** The withdrawn purpose; null when everything is erased. */
  readonly purpose: string | null;
  /** Raised by every claim: whoever holds an older number writes nothing any more. */
  readonly fence: number;
  readonly subjectRef: string;
  readonly state: RequestState;
  readonly receivedAt: Date;
  readonly dueAt: Date;
  /** Until when it is put off (it is not). */
  readonly postponedUntil: Date | null;
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
    .where(isUnfinished)
    .where((is) =>
      is.or([is("claimed_until", "is", null), is("claimed_until", "<", sql<Date>`now()`)]),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return (await isOpen(unit, tenant, id)) ? "busy" : undefined;
  if (row.commitment === null)
    throw new PrivacyError("ERR_INTERNAL", { detail: "an erasure lost its commitment" });
  return {
    tenant,
    requestId: id,
    purpose: row.purpose,
    fence: row.fence,
    subjectRef: row.subject_ref,
    state: row.state as RequestState,
    receivedAt: row.received_at,
    dueAt: row.due_at,
    postponedUntil: row.postponed_until,
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

/** Writes down until when the host has put an erasure off, and why. */
export async function postponeErasure(
  unit: Unit,
  claim: ErasureClaim,
  until: string,
  reason: string,
): Promise<void> {
  await ownClaim(unit, claim).set({ postponed_until: until, postponed_reason: reason }).execute();
}

/** Whether a process is carrying out a withdrawal of hers just now. */
export async function isWithdrawalClaimed(
  unit: Unit,
  tenant: string,
  subjectRef: string,
): Promise<boolean> {
  const row = await unit
    .selectFrom("subject_request")
    .select("id")
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", subjectRef)
    .where("kind", "=", "withdraw")
    .where(isUnfinished)
    .where("claimed_until", ">", sql<Date>`now()`)
    .executeTakeFirst();
  return row !== undefined;
}

function ownClaim(unit: Unit, { tenant, requestId, fence }: ErasureClaim) {
  return unit
    .updateTable("subject_request")
    .where("tenant", "=", tenant)
    .where("id", "=", requestId)
    .where("fence", "=", fence);
}

/** What is still to be carried out; a withdrawal from the moment it is on file, an erasure also while it is put off. */
export function isUnfinished(
  is: ExpressionBuilder<Tables, "subject_request">,
): Expression<SqlBool> {
  return is.or([
    is("state", "in", ["accepted", "executing", "extended"]).and("kind", "in", [
      "erase",
      "withdraw",
    ]),
    is("state", "=", "received").and("kind", "=", "withdraw"),
    is("state", "=", "restricted").and("kind", "=", "erase"),
  ]);
}

async function isOpen(unit: Unit, tenant: string, id: string): Promise<boolean> {
  const row = await unit
    .selectFrom("subject_request")
    .select("id")
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where(isUnfinished)
    .executeTakeFirst();
  return row !== undefined;
}
