export {
  ACCESS_DENIAL_REASONS,
  type AccessDecision,
  type AccessDenial,
  type AccessDenialReason,
  type AccessPermit,
  denyAccess,
} from "./access/access-decision.ts";
export {
  type AccessConsent,
  type AccessFacts,
  accessFacts,
  type ConsentStanding,
  type KnownFacts,
} from "./access/access-facts.ts";
export type { AcceptResult } from "./access/accept-input.ts";
export { accessDenialText } from "./access/access-denial-text.ts";
export type { AccessQuery, Provenance } from "./access/access-query.ts";
export { decideAccess, requireAccess } from "./access/decide-access.ts";
export {
  type AccessChange,
  type AccessExplanation,
  type AccessRemedy,
  type ExplainedFacts,
  explainAccess,
} from "./access/explain-access.ts";
export type { AuthorizedUse, PlatformAuthorization } from "./access/platform-authorization.ts";
export type { OrderScope, PlatformOrder } from "./access/platform-order.ts";
export type { ObservedPermit } from "./access/observe-denial.ts";
export {
  type PurposeView,
  type PurposeViewOf,
  purposeView,
  type View,
  type ViewColumn,
  type ViewResult,
} from "./access/purpose-view.ts";
export { sha256Hex } from "./bytes/digest.ts";
export { lengthPrefixed } from "./bytes/length-prefix.ts";
export {
  AGE_BANDS,
  type AgeBand,
  CONSENT_AGES,
  type ConsentAge,
  guardianAge,
} from "./consent/consent-age.ts";
export type {
  ConsentDecisionKind,
  ConsentEvent,
  GuardianConsent,
  ServedNotice,
  WrittenConsent,
} from "./consent/consent-event.ts";
export {
  type ConsentReceipt,
  consentReceipt,
  type ReceiptContext,
  type ReceiptRight,
  receiptTerms,
} from "./consent/consent-receipt.ts";
export {
  type ConsentEvidence,
  type ConsentRecord,
  consentRecord,
  type RecordContext,
  type RecordedDecision,
} from "./consent/consent-record.ts";
export {
  CONSENT_STATUSES,
  type ConsentState,
  type ConsentStatus,
  consentStatus,
  decidedStatus,
  decidingEvent,
  isPermitting,
} from "./consent/consent-status.ts";
export {
  type ConsentRecipient,
  type ConsentTerms,
  consentTerms,
  type ReceiptParty,
} from "./consent/consent-terms.ts";
export {
  type ConsentGrant,
  decideGrant,
  type GrantDecision,
  type GrantRefusal,
} from "./consent/decide-grant.ts";
export { linkDecisions } from "./consent/link-decisions.ts";
export { isOptOutPurpose } from "./consent/opt-out.ts";
export { reaskNotBefore } from "./consent/reask-not-before.ts";
export {
  type KeptCategory,
  type WithdrawalEffect,
  withdrawalEffect,
} from "./consent/withdrawal-effect.ts";
export {
  type Remnant,
  STEP_OUTCOMES,
  type StepObservation,
  type StepOutcome,
  stepOutcome,
} from "./erasure/step-outcome.ts";
export {
  COLLECTED,
  collectedField,
  type DataSelector,
  selectedCategories,
  selectedFields,
} from "./erasure/data-selector.ts";
export { canonicalJson } from "./json/canonical-json.ts";
export {
  type AuthorizationSource,
  type PublishedInstruction,
  type SourceConfidence,
  WEIXIN_INSTRUCTIONS,
} from "./platform/weixin-instructions.ts";
export type { JsonObject, JsonValue } from "./json/json-value.ts";
export {
  REQUEST_RULES,
  REQUEST_RULES_VERSION,
  type RequestDue,
  requestDue,
  type RequestRule,
  type Term,
} from "./subject-request/request-due.ts";
export {
  type DrpStatus,
  drpStatus,
  type OpenDsrStatus,
  openDsrStatus,
} from "./subject-request/request-protocol.ts";
export {
  checkRequester,
  type Mandate,
  type RequestedOf,
  type Requester,
  type RequesterCheck,
} from "./subject-request/requester.ts";
export {
  EXTENSION_REASONS,
  type ExtensionReason,
  REFUSAL_REASONS,
  type RefusalReason,
  REQUEST_KINDS,
  REQUEST_STATES,
  type RequestEvent,
  type RequestKind,
  type RequestMove,
  type RequestState,
  type TransitionResult,
  transitionRequest,
} from "./subject-request/subject-request.ts";
export { CN_CALENDAR, type WorkingCalendar } from "./subject-request/working-days.ts";
