import type { RequestState } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { type Expression, type ExpressionBuilder, sql, type SqlBool } from "kysely";
import type { Unit } from "../database/database.ts";
import type { Tables } from "../database/tables.ts";
import { IS_FREE, LEASE, NEXT_FENCE, type RunClaim } from "./run-claim.ts";

/** An erasure or a withdrawal that this process is carrying out. */
export interface ErasureClaim extends RunClaim {
  readonly table: "subject_request";
  /** The withdrawn purpose; null when everything is erased. */
  readonly purpose: string | null;
  readonly subjectRef: string;
  readonly state: RequestState;
  readonly receivedAt: Date;
  readonly dueAt: Date;
  /** Until when it is put off (it is not). */
  readonly postponedUntil: Date | null;
  readonly commitment: string;
}

/** Claims an unfinished erasure: `busy` when another process has it, undefined when there is nothing to do. */
export async function claimErasure(
  unit: Unit,
  tenant: string,
  id: string,
): Promise<ErasureClaim | "busy" | undefined> {
  const row = await unit
    .updateTable("subject_request")
    .set({ fence: NEXT_FENCE, claimed_until: LEASE })
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where(isUnfinished)
    .where(IS_FREE)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return (await isOpen(unit, tenant, id)) ? "busy" : undefined;
  if (row.commitment === null)
    throw new PrivacyError("ERR_INTERNAL", { detail: "an erasure lost its commitment" });
  return {
    table: "subject_request",
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

/** Writes down until when the host has put an erasure off, and why. */
export async function postponeErasure(
  unit: Unit,
  { tenant, requestId, fence }: ErasureClaim,
  until: string,
  reason: string,
): Promise<void> {
  await unit
    .updateTable("subject_request")
    .set({ postponed_until: until, postponed_reason: reason })
    .where("tenant", "=", tenant)
    .where("id", "=", requestId)
    .where("fence", "=", fence)
    .execute();
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
