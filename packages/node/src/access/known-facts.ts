import {
  type ConsentEvent,
  decidedStatus,
  decidingEvent,
  type KnownFacts,
} from "@miniprivacy/core";
import { type Policy, standingDigests } from "@miniprivacy/core/policy";
import type { FiledRecords } from "./filed-records.ts";

/** What facts about a person are made of. */
export interface KnownPerson {
  readonly events: readonly ConsentEvent[];
  readonly restricted: boolean;
}

/** The policy digests under which consents count, by purpose. */
export type StandingDigests = ReadonlyMap<string, readonly string[]>;

/** @param earlier Versions of the policy that were published before. */
export function standingOf(policy: Policy, earlier: readonly Policy[]): StandingDigests {
  return new Map(
    Object.keys(policy.purposes).map((purpose) => [
      purpose,
      standingDigests(policy, purpose, earlier),
    ]),
  );
}

/**
 * Facts for decisions about one purpose. How old they are is for the caller to watch.
 *
 * @param now Epoch milliseconds.
 */
export function knownFacts(
  { events, restricted }: KnownPerson,
  { authorizations, orders }: Pick<FiledRecords, "authorizations" | "orders">,
  purpose: string,
  standing: StandingDigests,
  now: number,
): KnownFacts {
  const records = consentOf(events, purpose, standing.get(purpose) ?? [], now);
  return { records, authorizations, orders, restricted, freshUntil: Number.POSITIVE_INFINITY };
}

function consentOf(
  events: readonly ConsentEvent[],
  purpose: string,
  digests: readonly string[],
  now: number,
): KnownFacts["records"] {
  const event = decidingEvent(events, purpose);
  if (event === undefined) return [];
  const { recordId, recordedAt, validUntil } = event;
  const status = decidedStatus(event, digests, now);
  const validity = { from: recordedAt, ...(validUntil !== undefined && { until: validUntil }) };
  return [{ recordId, purpose: { id: purpose }, status, validity }];
}
