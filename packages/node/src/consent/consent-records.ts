import {
  type ConsentReceipt,
  type ConsentRecord,
  consentRecord,
  type ConsentTerms,
  consentTerms,
  receiptTerms,
} from "@miniprivacy/core";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { loadHistory, loadReceipts } from "./consent-store.ts";

/** What an auditor is shown of one person's consent to one purpose. */
export interface ConsentRecords {
  /** Undefined when nothing was decided, or the policy has no such purpose any more. */
  load(subject: SubjectIdentity, purpose: string): Promise<ConsentRecord | undefined>;
}

export function createConsentRecords(runtime: Runtime): ConsentRecords {
  const { database, keys, policy, earlierPolicies, published, basePath, standing } = runtime;

  return {
    async load(subject, purpose) {
      const digests = standing.get(purpose);
      if (digests === undefined) return undefined;
      const { events: stored } = await loadHistory(database.tables, keys.index, subject);
      const events = stored.map(({ event }) => event).filter((event) => event.purpose === purpose);
      if (events.length === 0) return undefined;
      const context = { standing: digests, now: runtime.now(), basePath };
      const record = consentRecord(events, consentTerms(policy, purpose), context);
      if (record.policy.digest === published.digest) return record;
      // Decided under another version: what was told then stands in the receipt.
      const deciding = stored.filter(
        ({ event }) => event.decisionId === record.evidence.decisionId,
      );
      const [statement] = (await loadReceipts(database.tables, subject.tenant, deciding)).values();
      const terms =
        statement === undefined
          ? earlierTerms(record.policy.version, purpose)
          : receiptTerms(payloadOf(statement));
      return terms === undefined ? record : consentRecord(events, terms, context);
    },
  };

  /** An imported consent has no receipt. */
  function earlierTerms(version: string, purpose: string): ConsentTerms | undefined {
    const earlier = earlierPolicies.find((one) => one.version === version);
    return earlier && Object.hasOwn(earlier.purposes, purpose)
      ? consentTerms(earlier, purpose)
      : undefined;
  }
}

function payloadOf(receipt: string): ConsentReceipt {
  const payload = receipt.split(".")[1]!;
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as ConsentReceipt;
}
