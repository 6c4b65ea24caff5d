import type { Policy } from "../policy/policy.ts";
import { purposeDigest } from "../policy/policy-digest.ts";
import type { ConsentEvent } from "./consent-event.ts";

/** Every state a consent can be in (DPV consent states; `legacy`: given before MiniPrivacy kept the record). */
export type ConsentStatus =
  | "unknown"
  | "requested"
  | "deferred"
  | "given"
  | "renewed"
  | "refused"
  | "withdrawn"
  | "expired"
  | "revoked"
  | "invalidated"
  | "legacy";

/** What the events of one subject and purpose amount to at a moment. */
export interface ConsentState {
  readonly status: ConsentStatus;
  /** The record the deciding event belongs to; absent while nothing is known. */
  readonly recordId?: string;
  /** When the deciding event was recorded, epoch milliseconds. */
  readonly since?: number;
}

/**
 * Tells the state of one purpose from its events. Unknown stays unknown, and unknown denies.
 *
 * A grant that a device sent before one of its later decisions is late and counts for nothing; a denial counts
 * whenever it arrives. So neither order nor repetition of delivery turns a denial into a permit.
 *
 * @param events Events of one subject, in the order of the log; other purposes are passed over.
 * @param now Epoch milliseconds.
 * @see WX-4.4.3, PIPL-14
 */
export function consentStatus(
  events: readonly ConsentEvent[],
  policy: Policy,
  purpose: string,
  now: number,
): ConsentState {
  const last = decidingEvent(events, purpose);
  if (last === undefined) return { status: "unknown" };
  const state = { recordId: last.recordId, since: Date.parse(last.recordedAt) };
  if (!isPermitting(last.status)) return { ...state, status: last.status };
  // Requirement PIPL-14: when purpose, method or categories change, consent is asked for anew.
  if (
    policy.purposes[purpose] === undefined ||
    last.purposeDigest !== purposeDigest(policy, purpose)
  ) {
    return { ...state, status: "invalidated" };
  }
  if (last.validUntil !== undefined && now >= Date.parse(last.validUntil))
    return { ...state, status: "expired" };
  return { ...state, status: last.status };
}

/** Only *given*, *renewed* and *legacy* permit. */
export function isPermitting(status: ConsentStatus): status is "given" | "renewed" | "legacy" {
  return status === "given" || status === "renewed" || status === "legacy";
}

function decidingEvent(events: readonly ConsentEvent[], purpose: string): ConsentEvent | undefined {
  const newestCounter = new Map<string, number>();
  const seen = new Set<string>();
  let deciding: ConsentEvent | undefined;
  for (const event of events) {
    if (event.purpose !== purpose || seen.has(event.decisionId)) continue;
    seen.add(event.decisionId);
    if (!(isPermitting(event.status) && isLate(event, newestCounter))) deciding = event;
    if (event.device === undefined) continue;
    newestCounter.set(event.device, Math.max(newestCounter.get(event.device) ?? -1, event.counter));
  }
  return deciding;
}

function isLate(
  { device, counter }: ConsentEvent,
  newestCounter: ReadonlyMap<string, number>,
): boolean {
  return device !== undefined && counter <= (newestCounter.get(device) ?? -1);
}
