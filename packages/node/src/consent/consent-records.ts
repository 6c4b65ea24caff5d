import {
  type ConsentReceipt,
  type ConsentRecord,
  consentRecord,
  consentTerms,
} from "@miniprivacy/core";
import { policyDigest } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject } from "../subject/subject-store.ts";
import { loadConsentEvents, type StoredConsent } from "./consent-store.ts";

/** What an auditor is shown of one person's consent to one purpose. */
export interface ConsentRecords {
  /** Undefined when nothing was decided, or the policy has no such purpose any more. */
  load(subject: SubjectIdentity, purpose: string): Promise<ConsentRecord | undefined>;
}

export function createConsentRecords(runtime: Runtime): ConsentRecords {
  const { database, keys, policy, basePath, standing } = runtime;
  const digest = policyDigest(policy);

  return {
    async load(subject, purpose) {
      const digests = standing.get(purpose);
      const link = await findSubject(database.tables, keys.index, subject);
      if (digests === undefined || link === undefined) return undefined;
      const stored = await loadConsentEvents(database.tables, subject.tenant, link.ref);
      const events = stored.map(({ event }) => event).filter((event) => event.purpose === purpose);
      if (events.length === 0) return undefined;
      const context = { standing: digests, now: runtime.now(), basePath };
      const record = consentRecord(events, consentTerms(policy, purpose), context);
      if (record.policy.digest === digest) return record;
      // Decided under another version: what was told then stands in the receipt.
      const receipt = receiptOf(stored, record.evidence.decisionId);
      return receipt === undefined ? record : consentRecord(events, termsOf(receipt), context);
    },
  };
}

function receiptOf(
  stored: readonly StoredConsent[],
  decisionId: string,
): ConsentReceipt | undefined {
  const { receipt } = stored.find(({ event }) => event.decisionId === decisionId) ?? {};
  const payload = receipt?.split(".")[1];
  if (payload === undefined) return undefined;
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as ConsentReceipt;
}

function termsOf(receipt: ConsentReceipt): Parameters<typeof consentRecord>[1] {
  const { controller, jurisdiction, purpose, legalBasis, consentKind, dataCategories } = receipt;
  const { sensitiveNotice, processingMethods, storageLocations, recipients, retention } = receipt;
  const { weixin } = receipt;
  return {
    controller,
    jurisdiction,
    purpose,
    legalBasis,
    consentKind,
    dataCategories,
    ...(sensitiveNotice && { sensitiveNotice }),
    processingMethods,
    storageLocations,
    recipients,
    ...(retention && { retention }),
    ...(weixin && { weixin }),
  };
}
