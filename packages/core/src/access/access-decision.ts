import type { ObservedPermit } from "./observe-denial.ts";

/** The closed set of {@link AccessDenialReason}. */
export const ACCESS_DENIAL_REASONS = [
  "purpose-unknown",
  "category-not-in-purpose",
  "recipient-not-listed",
  "facts-too-old",
  "tenant-mismatch",
  "subject-mismatch",
  "subject-erased",
  "subject-restricted",
  "platform-order-in-force",
  "consent-missing",
  "consent-refused",
  "consent-withdrawn",
  "consent-expired",
  "consent-for-older-notice",
  "separate-consent-missing",
  "guardian-consent-missing",
  "platform-authorization-missing",
  "transfer-abroad-not-authorized",
  "retention-over",
  "undertaking-missing",
  "access-log-full",
] as const;

/** Why access was denied: the first rule that said no. */
export type AccessDenialReason = (typeof ACCESS_DENIAL_REASONS)[number];

export interface AccessDenial {
  readonly permitted: false;
  readonly reason: AccessDenialReason;
  /** The clauses behind the rule. */
  readonly obligations: readonly string[];
}

export type AccessPermit =
  | { readonly permitted: true; readonly ground: "consent"; readonly consentId: string }
  | {
      readonly permitted: true;
      readonly ground: "contract" | "legal-duty" | "entrusted";
      /** The purpose whose declared basis this is. */
      readonly reference: string;
    }
  | ObservedPermit;

export type AccessDecision = AccessPermit | AccessDenial;

const OBLIGATIONS: { readonly [Reason in AccessDenialReason]: readonly string[] } = {
  "purpose-unknown": ["WX-4.4.4a", "WX-4.4.4b"],
  "category-not-in-purpose": ["WX-4.4.4a", "WX-4.4.4b"],
  "recipient-not-listed": ["WX-4.4.4b", "WX-4.5c", "PIPL-23"],
  "facts-too-old": ["WX-4.4.4b"],
  "tenant-mismatch": ["WX-4.4.4b", "WC-3.8b"],
  "subject-mismatch": ["WX-4.4.4b"],
  "subject-erased": ["WX-4.4.7c", "PIPL-47"],
  "subject-restricted": ["PIPL-44", "PIPL-47"],
  "platform-order-in-force": ["WX-4.7a"],
  "consent-missing": ["WX-4.4.3", "PIPL-13"],
  "consent-refused": ["WX-4.4.3", "PIPL-14"],
  "consent-withdrawn": ["WX-4.4.4d", "PIPL-15"],
  "consent-expired": ["PIPL-14"],
  "consent-for-older-notice": ["WX-4.4.3", "PIPL-14"],
  "separate-consent-missing": ["PIPL-14", "PIPL-29", "REG-22"],
  "guardian-consent-missing": ["PIPL-31"],
  "platform-authorization-missing": ["WX-4.4.5a"],
  "transfer-abroad-not-authorized": ["PIPL-38", "PIPL-39"],
  "retention-over": ["PIPL-19"],
  "undertaking-missing": ["WX-4.9b"],
  "access-log-full": ["WX-4.4.6a"],
};

/**
 * A denial with the clauses its reason rests on.
 *
 * @param obligations Where the case is narrower than its reason (those of the reason).
 */
export function denyAccess(
  reason: AccessDenialReason,
  obligations: readonly string[] = OBLIGATIONS[reason],
): AccessDenial {
  return { permitted: false, reason, obligations };
}
