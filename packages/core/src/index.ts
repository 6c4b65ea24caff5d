export {
  type AccessDecision,
  type AccessDenial,
  type AccessDenialReason,
  type AccessPermit,
  denyAccess,
} from "./access/access-decision.ts";
export type { AccessFacts, PlatformAuthorization } from "./access/access-facts.ts";
export { type AccessQuery, decideAccess, requireAccess } from "./access/decide-access.ts";
export {
  type PurposeView,
  type PurposeViewOf,
  purposeView,
  type View,
  type ViewResult,
} from "./access/purpose-view.ts";
export { sha256Hex } from "./bytes/digest.ts";
export { lengthPrefixed } from "./bytes/length-prefix.ts";
export type { ConsentDecisionKind, ConsentEvent, ServedNotice } from "./consent/consent-event.ts";
export {
  type ConsentReceipt,
  consentReceipt,
  type ReceiptContext,
  type ReceiptParty,
  type ReceiptRight,
} from "./consent/consent-receipt.ts";
export {
  type ConsentState,
  type ConsentStatus,
  consentStatus,
  isPermitting,
} from "./consent/consent-status.ts";
export {
  type Remnant,
  type StepObservation,
  type StepOutcome,
  stepOutcome,
} from "./erasure/step-outcome.ts";
export { canonicalJson } from "./json/canonical-json.ts";
export type { JsonObject, JsonValue } from "./json/json-value.ts";
export { CN_REQUEST_WORKING_DAYS, requestDueAt } from "./subject-request/request-due.ts";
export {
  type RequestEvent,
  type RequestKind,
  type RequestState,
  type TransitionResult,
  transitionRequest,
} from "./subject-request/subject-request.ts";
