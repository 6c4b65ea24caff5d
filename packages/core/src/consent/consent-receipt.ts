import type { Policy } from "../policy/policy.ts";
import type { ConsentEvent, ServedNotice } from "./consent-event.ts";
import type { ConsentStatus } from "./consent-status.ts";
import { type ConsentTerms, consentTerms, party, type ReceiptParty } from "./consent-terms.ts";

/**
 * The subject's copy of one decision, signed as a JWS of type `consent-receipt+jwt`. Holds no identifier of the subject.
 *
 * @see ISO/IEC TS 27560 as profiled by the DPV guide; PIPL-17
 */
export interface ConsentReceipt extends ConsentTerms {
  readonly type: "consent-receipt";
  readonly schemaVersion: "1";
  readonly receiptId: string;
  readonly recordId: string;
  readonly issuedAt: string;
  readonly issuer: ReceiptParty & {
    readonly role: "controller" | "processor";
    readonly keyThumbprint: string;
  };
  readonly status: ConsentStatus;
  readonly decidedAt: string;
  readonly purpose: ConsentTerms["purpose"] & { readonly digest: string };
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string };
  readonly notice?: ServedNotice;
  readonly withdrawal: { readonly method: "api"; readonly path: string };
  readonly rights: readonly { readonly right: ReceiptRight; readonly path: string }[];
  /** The log entry this receipt belongs to: the blinded digest its leaf commits to, hex. */
  readonly leafDigest: string;
  /** The newest signed checkpoint of the log when the receipt was made, so that a fork shows. */
  readonly checkpoint?: string;
}

export type ReceiptRight = "access" | "copy" | "rectify" | "erase" | "withdraw";

/** What the server adds to the event and the policy. */
export interface ReceiptContext {
  readonly receiptId: string;
  readonly issuedAt: string;
  readonly keyThumbprint: string;
  readonly leafDigest: string;
  readonly checkpoint?: string;
  /** Where the privacy endpoints are mounted, e.g. `/privacy`. */
  readonly basePath: string;
}

/**
 * Writes the receipt of one consent event.
 *
 * @throws RangeError when the policy does not have the event's purpose.
 */
export function consentReceipt(
  event: ConsentEvent,
  policy: Policy,
  context: ReceiptContext,
): ConsentReceipt {
  const terms = consentTerms(policy, event.purpose);
  const { basePath, receiptId, issuedAt, leafDigest, checkpoint } = context;
  const issuer = policy.processor ?? policy.controller;
  return {
    type: "consent-receipt",
    schemaVersion: "1",
    receiptId,
    recordId: event.recordId,
    issuedAt,
    issuer: {
      ...party(issuer),
      role: policy.processor === undefined ? "controller" : "processor",
      keyThumbprint: context.keyThumbprint,
    },
    status: event.status,
    decidedAt: event.recordedAt,
    ...terms,
    purpose: { ...terms.purpose, digest: event.purposeDigest },
    policy: event.policy,
    ...(event.notice && { notice: event.notice }),
    // Requirement PIPL-15: withdrawing is as easy as giving.
    withdrawal: { method: "api", path: `${basePath}/consents/${event.purpose}` },
    rights: subjectRights(basePath, event.purpose),
    leafDigest,
    ...(checkpoint !== undefined && { checkpoint }),
  };
}

/** Where a subject exercises the rights to a purpose's data (PIPL-44 to PIPL-47). */
export function subjectRights(basePath: string, purpose: string): ConsentReceipt["rights"] {
  return [
    { right: "access", path: `${basePath}/data` },
    { right: "copy", path: `${basePath}/data/export` },
    { right: "rectify", path: `${basePath}/data` },
    { right: "erase", path: `${basePath}/requests` },
    { right: "withdraw", path: `${basePath}/consents/${purpose}` },
  ];
}

/** What the policy said of the purpose when the receipt was signed. */
export function receiptTerms(receipt: ConsentReceipt): ConsentTerms {
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
