import { randomUUID } from "node:crypto";
import {
  type ConsentEvent,
  consentReceipt,
  type ConsentState,
  consentStatus,
  isPermitting,
  sha256Hex,
  canonicalJson,
  type ServedNotice,
} from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { type Language, policyDigest, purposeDigest, renderNotice } from "@miniprivacy/core/policy";
import type { Unit } from "../database/database.ts";
import { keyedDigest } from "../key/keys.ts";
import { type AppendRefusal, prepareLogEntry } from "../log/log-entry.ts";
import type { Runtime } from "../runtime.ts";
import { findSubject, linkSubject } from "../subject/subject-store.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { ConsentDecision } from "./consent-decision.ts";
import { type NoticeClaims, openNotice, sealNotice } from "./notice-token.ts";

/** A notice as it is handed to a client, to be shown before a grant. */
export interface Notice {
  readonly token: string;
  readonly text: string;
  readonly purposes: readonly string[];
  readonly language: Language;
  /** RFC 3339: after it the notice is fetched anew before showing. */
  readonly showUntil: string;
  /** RFC 3339: after it a decision on this notice is stale. */
  readonly submitUntil: string;
}

/** The state of one purpose, with the receipt of the decision behind it. */
export interface ConsentEntry {
  readonly purpose: string;
  readonly status: ConsentState["status"];
  readonly receipt?: string;
}

export interface ConsentService {
  /** @throws PrivacyError `ERR_PURPOSE_UNKNOWN`, `ERR_INPUT_INVALID` for a language the policy lacks */
  serveNotice(
    subject: SubjectIdentity,
    wish: { readonly language: Language; readonly purposes: readonly string[] },
  ): Promise<Notice>;
  /**
   * Records one decision and signs its receipt, or gives the receipt of the same decision recorded before.
   *
   * @throws PrivacyError `ERR_NOTICE_INVALID`, `ERR_NOTICE_STALE`, `ERR_PURPOSE_UNKNOWN`, `ERR_STORE_CONFLICT`
   */
  record(subject: SubjectIdentity, decision: ConsentDecision): Promise<string>;
  /** Withdraws one purpose. Returns the receipt; of a purpose withdrawn already, the one there is. */
  withdraw(subject: SubjectIdentity, purpose: string): Promise<string>;
  list(subject: SubjectIdentity): Promise<readonly ConsentEntry[]>;
}

const DAY_MS = 86_400_000;
const SHOW_MS = 7 * DAY_MS;
const SUBMIT_MS = SHOW_MS + 30 * DAY_MS;

export function createConsentService(runtime: Runtime): ConsentService {
  const { database, keys, policy } = runtime;
  const digest = policyDigest(policy);

  async function serveNotice(
    { tenant, subjectId }: SubjectIdentity,
    { language, purposes }: { readonly language: Language; readonly purposes: readonly string[] },
  ): Promise<Notice> {
    if (!policy.languages.includes(language)) {
      throw new PrivacyError("ERR_INPUT_INVALID", {
        issues: [{ code: "unknown-language", schemaPath: "language" }],
      });
    }
    purposes.forEach(requirePurpose);
    const link = await findSubject(database.tables, keys.index, tenant, subjectId);
    const events =
      link === undefined ? [] : await loadConsentEvents(database.tables, tenant, link.ref);
    const text = renderNotice(policy, { language, purposes, format: "text" });
    const servedAt = runtime.now();
    const claims: NoticeClaims = {
      tenant,
      subject: subjectBinding(tenant, subjectId),
      subjectRef: link?.ref ?? null,
      purposes: Object.fromEntries(
        purposes.map((purpose) => [
          purpose,
          {
            digest: purposeDigest(policy, purpose),
            asOf: lastIndex(events, (event) => event.purpose === purpose),
          },
        ]),
      ),
      language,
      textDigest: sha256Hex(text),
      servedAt,
      showUntil: servedAt + SHOW_MS,
      submitUntil: servedAt + SUBMIT_MS,
    };
    return {
      token: sealNotice(keys.mac, claims),
      text,
      purposes,
      language,
      showUntil: new Date(claims.showUntil).toISOString(),
      submitUntil: new Date(claims.submitUntil).toISOString(),
    };
  }

  async function record(subject: SubjectIdentity, decision: ConsentDecision): Promise<string> {
    requirePurpose(decision.purpose);
    const claims = decision.decision === "given" ? requireNotice(subject, decision) : undefined;
    for (;;) {
      const result = await tryRecord(subject, decision, claims);
      if (typeof result === "string") return result;
      // A duplicate is found at the next try and replayed; a person just erased is a new one, whom the notice may not suit.
      if (result.reason === "stale") throw new PrivacyError("ERR_NOTICE_STALE");
    }
  }

  /** One try: what is read here is checked again by the statement that appends. */
  async function tryRecord(
    { tenant, subjectId }: SubjectIdentity,
    decision: ConsentDecision,
    claims: NoticeClaims | undefined,
  ): Promise<string | { readonly reason: AppendRefusal }> {
    const now = new Date(runtime.now());
    const { ref } = await linkSubject(database.tables, keys.index, tenant, subjectId, now);
    const submissionDigest = sha256Hex(canonicalJson(decision));
    const events = await loadConsentEvents(database.tables, tenant, ref);
    const same = events.find(({ event }) => event.decisionId === decision.decisionId);
    if (same !== undefined) return replayReceipt(same, submissionDigest);
    if (claims !== undefined) requireFresh(claims, decision.purpose, ref, events);
    const event = consentEvent(decision, tenant, ref, events, now, submissionDigest, claims);
    const entry = prepareLogEntry({
      tenant,
      kind: "consent",
      subjectRef: ref,
      dedupeKey: `consent:${ref}:${decision.decisionId}`,
      content: event,
      topic: decision.purpose,
      denies: !isPermitting(event.status),
      asOf: claims?.purposes[decision.purpose]?.asOf ?? Number.MAX_SAFE_INTEGER,
    });
    const receipt = await signReceipt(event, entry.leafDigest);
    const result = await runtime.log.append({ entry, statement: receipt, recordedAt: now });
    return result.appended ? receipt : result;
  }

  async function withdraw(subject: SubjectIdentity, purpose: string): Promise<string> {
    requirePurpose(purpose);
    const current = (await list(subject)).find((entry) => entry.purpose === purpose);
    if (current?.status === "withdrawn" && current.receipt !== undefined) return current.receipt;
    const at = new Date(runtime.now()).toISOString();
    return record(subject, {
      decisionId: randomUUID(),
      purpose,
      decision: "withdrawn",
      counter: 0,
      at,
    });
  }

  async function list({ tenant, subjectId }: SubjectIdentity): Promise<readonly ConsentEntry[]> {
    const link = await findSubject(database.tables, keys.index, tenant, subjectId);
    const stored =
      link === undefined ? [] : await loadConsentEvents(database.tables, tenant, link.ref);
    const events = stored.map(({ event }) => event);
    return Object.keys(policy.purposes).map((purpose) => {
      const { status } = consentStatus(events, policy, purpose, runtime.now());
      const receipt = stored.findLast(({ event }) => event.purpose === purpose)?.receipt;
      return receipt === undefined ? { purpose, status } : { purpose, status, receipt };
    });
  }

  function requirePurpose(purpose: string): void {
    if (!Object.hasOwn(policy.purposes, purpose)) throw new PrivacyError("ERR_PURPOSE_UNKNOWN");
  }

  /** Requirement WX-4.4.3: a grant rests on the notice that was served for it. */
  function requireNotice(
    { tenant, subjectId }: SubjectIdentity,
    { notice, purpose }: ConsentDecision,
  ): NoticeClaims {
    const claims = notice === undefined ? undefined : openNotice(keys.mac, notice);
    if (claims === undefined) throw new PrivacyError("ERR_NOTICE_INVALID");
    const foreign =
      claims.tenant !== tenant || claims.subject !== subjectBinding(tenant, subjectId);
    const asked = Object.hasOwn(claims.purposes, purpose) ? claims.purposes[purpose] : undefined;
    const changed = asked?.digest !== purposeDigest(policy, purpose);
    if (foreign || changed || runtime.now() > claims.submitUntil)
      throw new PrivacyError("ERR_NOTICE_STALE");
    return claims;
  }

  /** A grant older than the last refusal or withdrawal of its purpose, or from before an erasure, is stale. */
  function requireFresh(
    claims: NoticeClaims,
    purpose: string,
    ref: string,
    events: readonly StoredConsent[],
  ): void {
    const asOf = claims.purposes[purpose]?.asOf ?? -1;
    const denied = lastIndex(
      events,
      (event) => event.purpose === purpose && !isPermitting(event.status),
    );
    const otherPerson = claims.subjectRef !== null && claims.subjectRef !== ref;
    if (otherPerson || denied > asOf) throw new PrivacyError("ERR_NOTICE_STALE");
  }

  function consentEvent(
    decision: ConsentDecision,
    tenant: string,
    subjectRef: string,
    events: readonly StoredConsent[],
    now: Date,
    submissionDigest: string,
    claims: NoticeClaims | undefined,
  ): ConsentEvent {
    const { purpose, decisionId, counter } = decision;
    const earlier = events.findLast(({ event }) => event.purpose === purpose)?.event;
    const renewed =
      decision.decision === "given" && earlier !== undefined && isPermitting(earlier.status);
    return {
      type: "consent",
      schemaVersion: "1",
      recordId: recordId(tenant, subjectRef, purpose),
      decisionId,
      subjectRef,
      purpose,
      status: renewed ? "renewed" : decision.decision,
      recordedAt: now.toISOString(),
      claimedAt: decision.at,
      submissionDigest,
      counter,
      policy: { id: policy.id, version: policy.version, digest },
      purposeDigest: purposeDigest(policy, purpose),
      ...(claims && { notice: servedNotice(claims) }),
    };
  }

  async function signReceipt(event: ConsentEvent, leafDigest: string): Promise<string> {
    const receipt = consentReceipt(event, policy, {
      receiptId: randomUUID(),
      issuedAt: event.recordedAt,
      keyThumbprint: keys.signer.kid,
      leafDigest,
      basePath: runtime.basePath,
    });
    return keys.signer.sign("consent-receipt+jwt", receipt);
  }

  /** One record a subject and purpose, the same in every process; without the key it tells nothing of either. */
  function recordId(tenant: string, subjectRef: string, purpose: string): string {
    const digest = keyedDigest(keys.mac, "consent-record", tenant, subjectRef, purpose);
    return digest.subarray(0, 16).toString("base64url");
  }

  function subjectBinding(tenant: string, subjectId: string): string {
    return keyedDigest(keys.mac, "notice-subject", tenant, subjectId).toString("base64url");
  }

  return { serveNotice, record, withdraw, list };
}

/** A consent event as stored, with its place in the log. */
export interface StoredConsent {
  readonly leafIndex: number;
  readonly event: ConsentEvent;
  readonly receipt: string;
}

/** The consent events of one person in the order of the log. */
export async function loadConsentEvents(
  unit: Unit,
  tenant: string,
  ref: string,
): Promise<readonly StoredConsent[]> {
  const rows = await unit
    .selectFrom("log_event")
    .select(["leaf_index", "body", "statement"])
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", ref)
    .where("kind", "=", "consent")
    .orderBy("leaf_index")
    .execute();
  return rows.map(({ leaf_index, body, statement }) => ({
    leafIndex: Number(leaf_index),
    event: JSON.parse(body.toString("utf8")) as ConsentEvent,
    receipt: statement ?? "",
  }));
}

function replayReceipt({ event, receipt }: StoredConsent, submissionDigest: string): string {
  if (event.submissionDigest !== submissionDigest) throw new PrivacyError("ERR_STORE_CONFLICT");
  return receipt;
}

function servedNotice({ language, textDigest, servedAt }: NoticeClaims): ServedNotice {
  return { language, textDigest, servedAt: new Date(servedAt).toISOString() };
}

function lastIndex(
  events: readonly StoredConsent[],
  matches: (event: ConsentEvent) => boolean,
): number {
  return events.findLast(({ event }) => matches(event))?.leafIndex ?? -1;
}
