import type {
  AgeBand,
  ConsentDecisionKind,
  GuardianConsent,
  WrittenConsent,
} from "@miniprivacy/core";

/** One decision as a client submits it. */
export interface ConsentDecision {
  /** The client's random id: a retry carries the same. */
  readonly decisionId: string;
  readonly purpose: string;
  readonly decision: ConsentDecisionKind;
  /** Token of the notice shown; required for a grant. */
  readonly notice?: string;
  readonly counter: number;
  /** The device's clock, RFC 3339. */
  readonly at: string;
  /** How old the person says she is; asked only where the policy must know. */
  readonly ageBand?: AgeBand;
  /** Who agrees in a child's place. */
  readonly guardian?: GuardianConsent;
  /** The signed document behind a consent in writing. */
  readonly written?: WrittenConsent;
  /** A refusal that the device's own setting made. */
  readonly signal?: "gpc";
  /** The same tap agreed to the platform's own privacy guide. */
  readonly platformAgreement?: "same-act";
}
