import type { AgeBand } from "./consent-age.ts";
import type {
  ConsentEvent,
  GuardianConsent,
  ServedNotice,
  WrittenConsent,
} from "./consent-event.ts";
import { type ConsentReceipt, subjectRights } from "./consent-receipt.ts";
import {
  type ConsentStatus,
  consentStatus,
  decidingEvent,
  isPermitting,
} from "./consent-status.ts";
import type { ConsentTerms } from "./consent-terms.ts";
import { reaskNotBefore } from "./reask-not-before.ts";

/**
 * All that is kept of one subject's consent to one purpose: what was told, what was decided and when, what it stands at.
 *
 * @see ISO/IEC TS 27560 as profiled by the DPV guide; PIPL-14, PIPL-17
 */
export interface ConsentRecord extends ConsentTerms {
  readonly type: "consent-record";
  readonly schemaVersion: "1";
  readonly recordId: string;
  readonly subjectRef: string;
  readonly subjectAgeBand: AgeBand | "unknown";
  readonly guardian?: GuardianConsent;
  readonly written?: WrittenConsent;
  /** The notice of the deciding event; a denial needs none. */
  readonly notice?: ServedNotice;
  /** Where the notice is served as it stands today: the text shown had `notice.textDigest`. */
  readonly noticePath?: string;
  readonly policy: ConsentEvent["policy"];
  readonly purpose: ConsentTerms["purpose"] & { readonly digest: string };
  readonly status: ConsentStatus;
  /** From the deciding event on, up to its end if it has one, RFC 3339. */
  readonly validity: { readonly from: string; readonly until?: string };
  readonly evidence: ConsentEvidence;
  /** Every decision, in the order of the log. */
  readonly events: readonly RecordedDecision[];
  readonly withdrawal: ConsentReceipt["withdrawal"];
  readonly rights: ConsentReceipt["rights"];
  /** Records of anonymous devices whose decisions were taken over. */
  readonly supersedes?: readonly string[];
  readonly lastRefusedAt?: string;
  /** Until then the subject is not asked again (REG-22). */
  readonly reaskNotBefore?: string;
}

/** What shows that the subject decided: the deciding event, as it was submitted. */
export interface ConsentEvidence {
  /** What showed the notice. */
  readonly surface?: string;
  readonly action: ConsentStatus;
  /** What the device's clock said. */
  readonly actionAt: string;
  readonly decisionId: string;
  readonly submissionDigest: string;
  /** Of a legacy consent: what shows that it was given. */
  readonly legacy?: string;
}

/** One decision of a record. */
export interface RecordedDecision {
  readonly decisionId: string;
  readonly status: ConsentStatus;
  readonly recordedAt: string;
  readonly claimedAt: string;
  /** Who decided. */
  readonly entity: "subject" | "guardian" | "controller";
  readonly policyVersion: string;
  readonly purposeDigest: string;
  /** `terms-changed`: what the decision before it was about has changed since (PIPL-14). */
  readonly changeReason?: "terms-changed";
  readonly notice?: ServedNotice;
  readonly validUntil?: string;
  readonly signal?: "gpc";
  readonly platformAgreement?: "same-act";
}

/** What the server adds to events and policy. */
export interface RecordContext {
  /** The purpose digests a consent counts under, of `standingDigests`. */
  readonly standing: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Where the privacy endpoints are mounted, e.g. `/privacy`. */
  readonly basePath: string;
  /** How long somebody who refused is left alone, in milliseconds (not said in the record). */
  readonly coolDownMs?: number;
}

/**
 * Writes the record of one subject and purpose.
 *
 * @param events Events of one subject, in the order of the log; other purposes are passed over.
 * @param terms Of the policy version that the deciding event was decided under.
 * @throws RangeError when nothing was decided about the purpose.
 */
export function consentRecord(
  events: readonly ConsentEvent[],
  terms: ConsentTerms,
  context: RecordContext,
): ConsentRecord {
  const { id } = terms.purpose;
  // Requirement TC-D6.4b, WX-4.4.1c: every decision about the purpose is kept and shown, denials included.
  const own = events.filter(({ purpose }) => purpose === id);
  const deciding = decidingEvent(own, id) ?? own.at(-1);
  if (deciding === undefined) throw new RangeError("nothing was decided about this purpose");
  const { guardian, written, notice, validUntil, ageBand = "unknown" } = deciding;
  return {
    type: "consent-record",
    schemaVersion: "1",
    recordId: deciding.recordId,
    subjectRef: deciding.subjectRef,
    subjectAgeBand: ageBand,
    ...(guardian && { guardian }),
    ...(written && { written }),
    ...(notice && { notice, noticePath: noticePath(context.basePath, notice, id) }),
    policy: deciding.policy,
    ...terms,
    purpose: { ...terms.purpose, digest: deciding.purposeDigest },
    status: consentStatus(own, id, context.standing, context.now).status,
    validity: { from: deciding.recordedAt, ...(validUntil !== undefined && { until: validUntil }) },
    evidence: evidenceOf(deciding),
    events: own.map((event, i) => recordedDecision(event, own[i - 1])),
    withdrawal: { method: "api", path: `${context.basePath}/consents/${id}` },
    rights: subjectRights(context.basePath, id),
    ...supersedes(own),
    ...refusal(own, id, context.coolDownMs),
  };
}

function evidenceOf({
  notice,
  status,
  claimedAt,
  decisionId,
  submissionDigest,
  evidence,
}: ConsentEvent): ConsentEvidence {
  return {
    ...(notice?.surface !== undefined && { surface: notice.surface }),
    action: status,
    actionAt: claimedAt,
    decisionId,
    submissionDigest,
    ...(evidence !== undefined && { legacy: evidence }),
  };
}

function noticePath(basePath: string, { language }: ServedNotice, purpose: string): string {
  return `${basePath}/notice?language=${language}&purposes=${purpose}`;
}

function recordedDecision(event: ConsentEvent, before: ConsentEvent | undefined): RecordedDecision {
  const { decisionId, status, recordedAt, claimedAt, purposeDigest } = event;
  const { notice, validUntil, signal, platformAgreement } = event;
  return {
    decisionId,
    status,
    recordedAt,
    claimedAt,
    entity: entityOf(event),
    policyVersion: event.policy.version,
    purposeDigest,
    // Requirement PIPL-14: a decision about changed terms is told from one about the same.
    ...(before !== undefined &&
      before.purposeDigest !== purposeDigest && { changeReason: "terms-changed" as const }),
    ...(notice && { notice }),
    ...(validUntil !== undefined && { validUntil }),
    ...(signal && { signal }),
    ...(platformAgreement && { platformAgreement }),
  };
}

function entityOf({ status, guardian }: ConsentEvent): RecordedDecision["entity"] {
  const bySubject = isPermitting(status) || status === "refused" || status === "withdrawn";
  if (!bySubject) return "controller";
  return guardian === undefined ? "subject" : "guardian";
}

function supersedes(events: readonly ConsentEvent[]): Pick<ConsentRecord, "supersedes"> {
  const ids = new Set(events.flatMap(({ origin }) => origin?.recordId ?? []));
  return ids.size === 0 ? {} : { supersedes: [...ids] };
}

function refusal(
  events: readonly ConsentEvent[],
  purpose: string,
  coolDownMs: number | undefined,
): Pick<ConsentRecord, "lastRefusedAt" | "reaskNotBefore"> {
  const last = events.filter(({ status }) => status === "refused").at(-1);
  const until = coolDownMs === undefined ? undefined : reaskNotBefore(events, purpose, coolDownMs);
  return {
    ...(last && { lastRefusedAt: last.recordedAt }),
    ...(until !== undefined && { reaskNotBefore: new Date(until).toISOString() }),
  };
}
