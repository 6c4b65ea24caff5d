/** One thing `checkPolicy` found. */
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
  | "guardian-consent-needed";
