import type { RequestKind, RequestState, StepOutcome } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";
import type { Postponement } from "../erasure/postponement.ts";
import type { Keys } from "../key/keys.ts";
import { openCommitmentSalt } from "./subject-commitment.ts";

/** A request as its owner sees it. */
export interface RequestView {
  readonly id: string;
  readonly kind: RequestKind;
  /** Of a withdrawal: the purpose. */
  readonly purpose?: string;
  readonly state: RequestState;
  readonly dueAt: string;
  /** Of an erasure that the host has put off. */
  readonly postponed?: Postponement;
  readonly outcomes: readonly OutcomeView[];
  readonly certificateId?: string;
  /** Base64url; with it the owner shows that a certificate's subjectCommitment means her. Kept for 90 days. */
  readonly commitmentSalt?: string;
}

export interface OutcomeView {
  readonly store: string;
  readonly record: string;
  readonly outcome: StepOutcome;
  readonly countBefore: number | null;
  readonly countAfter: number | null;
}

/** States in which an erasure or a restriction keeps everybody else away from the data. */
export const RESTRICTING_STATES: readonly RequestState[] = [
  "accepted",
  "executing",
  "extended",
  "restricted",
];

/** A request as it is answered when it is opened. */
export interface RequestSummary {
  readonly id: string;
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly dueAt: string;
}

/** An open request of one of these kinds. */
export async function findRestrictingRequest(
  unit: Unit,
  tenant: string,
  ref: string,
  kinds: readonly RequestKind[],
): Promise<RequestSummary | undefined> {
  const row = await unit
    .selectFrom("subject_request")
    .select(SUMMARY)
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", ref)
    .where("kind", "in", kinds)
    .where("state", "in", RESTRICTING_STATES)
    .orderBy("received_at")
    .limit(1)
    .executeTakeFirst();
  return row && summary(row);
}

/** The request a client's key has opened. */
export async function findKeyedRequest(
  unit: Unit,
  tenant: string,
  digest: Uint8Array,
): Promise<RequestSummary | undefined> {
  const row = await unit
    .selectFrom("subject_request_key")
    .innerJoin("subject_request", (join) =>
      join
        .onRef("subject_request.tenant", "=", "subject_request_key.tenant")
        .onRef("subject_request.id", "=", "subject_request_key.request_id"),
    )
    .select(SUMMARY)
    .where("subject_request_key.tenant", "=", tenant)
    .where("digest", "=", Buffer.from(digest))
    .executeTakeFirst();
  return row && summary(row);
}

/** Remembers which request a client's key has opened. */
export async function keepRequestKey(
  unit: Unit,
  tenant: string,
  digest: Uint8Array,
  requestId: string,
): Promise<void> {
  await unit
    .insertInto("subject_request_key")
    .values({ tenant, digest, request_id: requestId })
    .execute();
}

/** Reads one request with the outcomes known so far. */
export async function loadRequestView(
  unit: Unit,
  keys: Keys,
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
  const { commitment_salt: sealed, commitment_salt_until: until } = row;
  const salt =
    sealed !== null && until !== null && until > now
      ? openCommitmentSalt(keys, tenant, id, sealed)
      : undefined;
  return {
    id,
    kind: row.kind as RequestKind,
    ...(row.purpose !== null && { purpose: row.purpose }),
    state: row.state as RequestState,
    dueAt: row.due_at.toISOString(),
    ...(row.postponed_until !== null && {
      postponed: { until: row.postponed_until.toISOString(), reason: row.postponed_reason ?? "" },
    }),
    outcomes: steps.map(({ store, record, outcome, count_before, count_after }) => ({
      store,
      record,
      outcome: outcome!,
      countBefore: count_before,
      countAfter: count_after,
    })),
    ...(row.certificate_id !== null && { certificateId: row.certificate_id }),
    ...(salt && { commitmentSalt: salt.toString("base64url") }),
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

const SUMMARY = ["id", "kind", "state", "due_at"] as const;

function summary(row: {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly due_at: Date;
}): RequestSummary {
  return {
    id: row.id,
    kind: row.kind as RequestKind,
    state: row.state as RequestState,
    dueAt: row.due_at.toISOString(),
  };
}
