import type { RequestKind, RequestState, StepOutcome } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";

/** A request as its owner sees it. */
export interface RequestView {
  readonly id: string;
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly dueAt: string;
  readonly outcomes: readonly OutcomeView[];
  readonly certificateId?: string;
  /** Base64url; with it the owner shows that a certificate's subjectCommitment means her. Kept for 90 days. */
  readonly commitmentSalt?: string;
}

export interface OutcomeView {
  readonly store: string;
  readonly record: string;
  readonly outcome: StepOutcome;
  readonly countBefore: number;
  readonly countAfter: number | null;
}

/** States in which an erasure or a restriction keeps everybody else away from the data. */
const RESTRICTING = [
  "accepted",
  "executing",
  "extended",
  "restricted",
] as const satisfies readonly RequestState[];

/** Whether an open request of this person keeps data from being used (PIPL-44, PIPL-47). */
export async function hasRestrictingRequest(
  unit: Unit,
  tenant: string,
  ref: string,
): Promise<boolean> {
  const row = await unit
    .selectFrom("subject_request")
    .select("id")
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", ref)
    .where("kind", "in", ["erase", "restrict"])
    .where("state", "in", RESTRICTING)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Reads one request with the outcomes known so far. */
export async function loadRequestView(
  unit: Unit,
  tenant: string,
  id: string,
  now: Date,
): Promise<RequestView | undefined> {
  const row = await unit
    .selectFrom("subject_request")
    .selectAll()
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const steps = await unit
    .selectFrom("erasure_step")
    .select(["store", "record", "outcome", "count_before", "count_after"])
    .where("tenant", "=", tenant)
    .where("request_id", "=", id)
    .where("outcome", "is not", null)
    .orderBy("position")
    .execute();
  const saltOpen =
    row.commitment_salt !== null &&
    row.commitment_salt_until !== null &&
    row.commitment_salt_until > now;
  return {
    id,
    kind: row.kind as RequestKind,
    state: row.state as RequestState,
    dueAt: row.due_at.toISOString(),
    outcomes: steps.map(({ store, record, outcome, count_before, count_after }) => ({
      store,
      record,
      outcome: outcome!,
      countBefore: count_before ?? 0,
      countAfter: count_after,
    })),
    ...(row.certificate_id !== null && { certificateId: row.certificate_id }),
    ...(saltOpen && { commitmentSalt: row.commitment_salt!.toString("base64url") }),
  };
}

/** The ids of a person's requests, newest first. */
export async function listRequestIds(
  unit: Unit,
  tenant: string,
  ref: string,
): Promise<readonly string[]> {
  const rows = await unit
    .selectFrom("subject_request")
    .select("id")
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", ref)
    .orderBy("received_at", "desc")
    .execute();
  return rows.map(({ id }) => id);
}
