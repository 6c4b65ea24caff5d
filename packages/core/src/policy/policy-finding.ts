/** One thing `checkPolicy` or `checkPolicyLock` found. */
export interface PolicyFinding {
  readonly code: PolicyFindingCode;
  /** `error`: the policy cannot be run. `warning`: it can, but something outside the code is needed. */
  readonly severity: "error" | "warning";
  /** Where, e.g. `purposes.delivery.recipients.0`. */
  readonly path: string;
  /** The clauses behind it. */
  readonly obligations: readonly string[];
}

export type PolicyFindingCode =
  | "bad-id"
  | "unknown-reference"
  | "text-missing"
  | "contact-missing"
  | "purpose-without-category"
  | "category-unused"
  | "retention-missing"
  | "retention-unreasonable"
  | "separate-consent-needed"
  | "sensitive-notice-missing"
  | "marketing-as-necessary"
  | "marketing-needs-platform-consent"
  | "recipient-needs-platform-consent"
  | "transfer-abroad-of-platform-data"
  | "sensitive-data-on-tcmpp"
  | "guard-not-blocking"
  | "minors-on-tcmpp"
  | "guardian-consent-needed"
  | "method-missing"
  | "recipient-missing"
  | "category-not-in-purpose"
  | "sdk-operator-missing"
  | "guide-contact-missing"
  | "explicit-consent-needed"
  | "platform-data-without-interface"
  | "tcmpp-undisclosed"
  | "exact-position-unneeded"
  | "contact-on-wecom"
  | "contact-outside-wecom"
  | "lock-of-another-policy"
  | "version-not-raised"
  | "lock-outdated"
  | "consent-outdated";

export function policyError(
  code: PolicyFindingCode,
  path: string,
  obligations: readonly string[],
): PolicyFinding {
  return { code, severity: "error", path, obligations };
}

export function policyWarning(
  code: PolicyFindingCode,
  path: string,
  obligations: readonly string[],
): PolicyFinding {
  return { code, severity: "warning", path, obligations };
}
