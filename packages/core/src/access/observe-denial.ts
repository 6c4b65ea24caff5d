import type { AccessDenial, AccessDenialReason } from "./access-decision.ts";
import type { AccessFacts } from "./access-facts.ts";

/** What was let through although a rule said no. */
export interface ObservedPermit {
  readonly permitted: true;
  readonly ground: "observed";
  /** The reason it will be denied for once observing is over. */
  readonly reason: AccessDenialReason;
}

/**
 * While a running shop only observes, lets through what is denied because it has not asked, filed or swept yet. What a
 * person said, whose data it is, and what the policy does not declare are never let through.
 *
 * @param now Epoch milliseconds, on the clock of `facts.observeUntil`.
 */
export function observeDenial(
  denial: AccessDenial,
  { observeUntil }: AccessFacts,
  now: number,
): AccessDenial | ObservedPermit {
  if (observeUntil === undefined || !(now < observeUntil) || !isObservable(denial.reason))
    return denial;
  return { permitted: true, ground: "observed", reason: denial.reason };
}

function isObservable(reason: AccessDenialReason): boolean {
  switch (reason) {
    case "consent-missing":
    case "consent-expired":
    case "consent-for-older-notice":
    case "separate-consent-missing":
    case "guardian-consent-missing":
    case "platform-authorization-missing":
    case "transfer-abroad-not-authorized":
    case "retention-over":
      return true;
    case "purpose-unknown":
    case "category-not-in-purpose":
    case "recipient-not-listed":
    case "facts-too-old":
    case "tenant-mismatch":
    case "subject-mismatch":
    case "subject-erased":
    case "subject-restricted":
    case "platform-order-in-force":
    case "undertaking-missing":
    case "access-log-full":
    case "consent-refused":
    case "consent-withdrawn":
      return false;
    default:
      return reason satisfies never;
  }
}
