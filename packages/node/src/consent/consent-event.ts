import {
  type ConsentEvent,
  decidingEvent,
  isPermitting,
  type ServedNotice,
} from "@miniprivacy/core";
import { type Policy, policyLock } from "@miniprivacy/core/policy";
import { keyedDigest } from "../key/keys.ts";
import type { Runtime } from "../runtime.ts";
import type { ConsentDecision } from "./consent-decision.ts";
import type { StoredConsent } from "./consent-store.ts";
import type { NoticeClaims } from "./notice-token.ts";

/** What is known of a decision beside what was sent. */
export interface DecisionSetting {
  readonly tenant: string;
  readonly ref: string;
  /** Everything decided before. */
  readonly events: readonly StoredConsent[];
  readonly recordedAt: Date;
  readonly submissionDigest: string;
  /** The notice a grant rests on. */
  readonly claims: NoticeClaims | undefined;
  readonly deviceSecret: string | undefined;
}

/**
 * A decision as the log keeps it.
 *
 * @param version Of the policy: the published one, or an earlier one whose purpose is gone.
 */
export function consentEvent(
  { keys, policy: current, published }: Pick<Runtime, "keys" | "policy" | "published">,
  version: Policy,
  decision: ConsentDecision,
  { tenant, ref, events, recordedAt, submissionDigest, claims, deviceSecret }: DecisionSetting,
): ConsentEvent {
  const { purpose, decisionId, counter, ageBand, guardian, written } = decision;
  const { signal, platformAgreement } = decision;
  const earlier = decidingEvent(
    events.map(({ event }) => event),
    purpose,
  );
  const renewed =
    decision.decision === "given" && earlier !== undefined && isPermitting(earlier.status);
  const { purposes, ...policy } = version === current ? published : policyLock(version);
  return {
    type: "consent",
    schemaVersion: "1",
    recordId: consentRecordId(keys.mac, tenant, ref, purpose),
    decisionId,
    subjectRef: ref,
    purpose,
    status: renewed ? "renewed" : decision.decision,
    recordedAt: recordedAt.toISOString(),
    claimedAt: decision.at,
    submissionDigest,
    ...(deviceSecret !== undefined && { device: deviceId(keys.mac, tenant, deviceSecret) }),
    counter,
    policy,
    purposeDigest: purposes[purpose]!,
    ...(claims && { notice: servedNotice(claims) }),
    ...(ageBand && { ageBand }),
    ...(guardian && { guardian }),
    ...(written && { written }),
    ...(signal && { signal }),
    ...(platformAgreement && { platformAgreement }),
  };
}

/** One record a subject and purpose, the same in every process; without the key it tells nothing of either. */
export function consentRecordId(
  macKey: Uint8Array,
  tenant: string,
  subjectRef: string,
  purpose: string,
): string {
  const digest = keyedDigest(macKey, "consent-record", tenant, subjectRef, purpose);
  return digest.subarray(0, 16).toString("base64url");
}

/** What makes two decisions of a subject the same one. */
export function consentKey(ref: string, decisionId: string): string {
  return `consent:${ref}:${decisionId}`;
}

/** Tells devices of one person apart, and means nothing without the key. */
function deviceId(macKey: Uint8Array, tenant: string, secret: string): string {
  return keyedDigest(macKey, "device", tenant, secret).subarray(0, 12).toString("base64url");
}

function servedNotice({ language, textDigest, servedAt, surface }: NoticeClaims): ServedNotice {
  return {
    language,
    textDigest,
    servedAt: new Date(servedAt).toISOString(),
    ...(surface !== undefined && { surface }),
  };
}
