import type { RefusalReason, RequestState } from "./subject-request.ts";

/** A status of OpenDSR 2.0. */
export type OpenDsrStatus = "pending" | "in_progress" | "completed" | "cancelled";

/** A status of the Data Rights Protocol 1.0, with its reason where it has one. */
export interface DrpStatus {
  readonly status: "open" | "in_progress" | "fulfilled" | "revoked" | "denied" | "expired";
  readonly reason?: string;
}

/** Each state in the words of both. @see OpenDSR 2.0, request status; Data Rights Protocol 1.0 §3.02 */
const STATUSES: {
  readonly [State in RequestState]: readonly [OpenDsrStatus, DrpStatus["status"]];
} = {
  received: ["pending", "open"],
  "identity-check": ["pending", "in_progress"],
  accepted: ["in_progress", "in_progress"],
  executing: ["in_progress", "in_progress"],
  extended: ["in_progress", "in_progress"],
  restricted: ["in_progress", "in_progress"],
  fulfilled: ["completed", "fulfilled"],
  "partly-fulfilled": ["completed", "fulfilled"],
  refused: ["cancelled", "denied"],
  "withdrawn-by-user": ["cancelled", "revoked"],
  expired: ["cancelled", "expired"],
};

const DENIALS: { readonly [Reason in RefusalReason]: string } = {
  "suspected-fraud": "suspected_fraud",
  "identity-not-verified": "insuf_verification",
  "nothing-held": "no_match",
  "not-covered": "claim_not_covered",
  "outside-jurisdiction": "outside_jurisdiction",
  "too-many-requests": "too_many_requests",
  other: "other",
};

/** What a processor that speaks OpenDSR is told of a request. */
export function openDsrStatus(state: RequestState): OpenDsrStatus {
  return STATUSES[state][0];
}

/** What an agent that speaks the Data Rights Protocol is told of a request. */
export function drpStatus(state: RequestState, refusal?: RefusalReason): DrpStatus {
  const [, status] = STATUSES[state];
  if (state === "identity-check") return { status, reason: "need_user_verification" };
  return state === "refused" ? { status, reason: DENIALS[refusal ?? "other"] } : { status };
}
