import type { ConsentEvent } from "./consent-event.ts";

/** The closed set of {@link ConsentStatus}. */
export const CONSENT_STATUSES = [
  "unknown",
  "requested",
  "deferred",
  "given",
  "renewed",
  "refused",
  "withdrawn",
  "expired",
  "revoked",
  "invalidated",
  "legacy",
] as const;

/** Every state a consent can be in (DPV consent states; `legacy`: given before MiniPrivacy kept the record). */
export type ConsentStatus = (typeof CONSENT_STATUSES)[number];

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
 * @param standing The purpose digests a consent counts under, of `standingDigests`; none for a purpose that is gone.
 * @param now Epoch milliseconds.
 * @see WX-4.4.3, PIPL-14
 */
export function consentStatus(
  events: readonly ConsentEvent[],
  purpose: string,
  standing: readonly string[],
  now: number,
): ConsentState {
  const last = decidingEvent(events, purpose);
  if (last === undefined) return { status: "unknown" };
  const { recordId, recordedAt } = last;
  return { recordId, since: Date.parse(recordedAt), status: decidedStatus(last, standing, now) };
}

/**
 * What a deciding event amounts to at a moment.
 *
 * @param standing As for {@link consentStatus}.
 * @param now Epoch milliseconds.
 */
export function decidedStatus(
  event: ConsentEvent,
  standing: readonly string[],
  now: number,
): ConsentStatus {
  if (!isPermitting(event.status)) return event.status;
  // Requirement PIPL-14: when purpose, method or categories change, consent is asked for anew.
  if (!standing.includes(event.purposeDigest)) return "invalidated";
  // Requirement PIPL-14: nobody is held to a consent past its end.
  if (hasEnded(event, now)) return "expired";
  return event.status;
}

/** Only *given*, *renewed* and *legacy* permit. */
export function isPermitting(status: ConsentStatus): status is "given" | "renewed" | "legacy" {
  return status === "given" || status === "renewed" || status === "legacy";
}

/** The event that a purpose's state goes by, if any decides it. */
export function decidingEvent(
  events: readonly ConsentEvent[],
  purpose: string,
): ConsentEvent | undefined {
  const newestCounter = new Map<string, number>();
  const grants = new Set<string>();
  const denials = new Set<string>();
  let deciding: ConsentEvent | undefined;
  for (const event of events) {
    if (event.purpose !== purpose || isRepeated(event)) continue;
    if (!(isPermitting(event.status) && isLate(event, newestCounter))) deciding = event;
    if (event.device === undefined) continue;
    newestCounter.set(event.device, Math.max(newestCounter.get(event.device) ?? -1, event.counter));
  }
  return deciding;

  /** A decision counts once. Under the id of another decision a denial still counts, a grant does not. */
  function isRepeated({ decisionId, status }: ConsentEvent): boolean {
    const permits = isPermitting(status);
    const key = permits ? decisionId : `${status} ${decisionId}`;
    const repeated = (permits ? grants : denials).has(key);
    grants.add(decisionId);
    if (!permits) denials.add(key);
    return repeated;
  }
}

/** A legacy consent that names no end has none left. */
function hasEnded({ status, validUntil }: ConsentEvent, now: number): boolean {
  if (validUntil === undefined) return status === "legacy";
  return !(now < Date.parse(validUntil));
}

function isLate(
  { device, counter }: ConsentEvent,
  newestCounter: ReadonlyMap<string, number>,
): boolean {
  return device !== undefined && !(counter > (newestCounter.get(device) ?? -1));
}
