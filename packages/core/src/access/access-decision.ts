import type { ObservedPermit } from "./observe-denial.ts";

/** Why access was denied: the first rule that said no. */
export type AccessDenialReason =
  | "purpose-unknown"
  | "category-not-in-purpose"
  | "facts-too-old"
  | "subject-mismatch"
  | "subject-restricted"
  | "recipient-not-listed"
  | "consent-missing"
  | "consent-refused"
  | "consent-withdrawn"
  | "consent-expired"
  | "consent-for-older-notice"
  | "platform-authorization-missing"
  | "retention-over";

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
  "purpose-unknown": ["WX-4.4.4a"],
  "category-not-in-purpose": ["WX-4.4.4a"],
  "facts-too-old": ["WX-4.4.4a"],
  "subject-mismatch": ["WX-4.4.4a"],
  "subject-restricted": ["PIPL-44", "PIPL-47"],
  "recipient-not-listed": ["PIPL-23"],
  "consent-missing": ["WX-4.4.3", "PIPL-13"],
  "consent-refused": ["WX-4.4.3", "PIPL-14"],
  "consent-withdrawn": ["WX-4.4.4d", "PIPL-15"],
  "consent-expired": ["PIPL-14"],
  "consent-for-older-notice": ["WX-4.4.3", "PIPL-14"],
  "platform-authorization-missing": ["WX-4.6"],
  "retention-over": ["PIPL-19"],
};

/** A denial with the clauses its reason rests on. */
export function denyAccess(reason: AccessDenialReason): AccessDenial {
  return { permitted: false, reason, obligations: OBLIGATIONS[reason] };
}
