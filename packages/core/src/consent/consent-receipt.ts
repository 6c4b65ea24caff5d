import type {
  ConsentKind,
  Contact,
  LegalBasis,
  LocalizedText,
  Policy,
  ProcessingMethod,
  PurposeUse,
  RetentionRule,
} from "../policy/policy.ts";
import { processingMethods } from "../policy/processing-methods.ts";
import type { ConsentEvent, ServedNotice } from "./consent-event.ts";
import type { ConsentStatus } from "./consent-status.ts";

/**
 * The subject's copy of one decision, signed as a JWS of type `consent-receipt+jwt`. Holds no identifier of the subject.
 *
 * @see ISO/IEC TS 27560 as profiled by the DPV guide; PIPL-17
 */
export interface ConsentReceipt {
  readonly type: "consent-receipt";
  readonly schemaVersion: "1";
  readonly receiptId: string;
  readonly recordId: string;
  readonly issuedAt: string;
  readonly issuer: ReceiptParty & {
    readonly role: "controller" | "processor";
    readonly keyThumbprint: string;
  };
  readonly controller: ReceiptParty;
  readonly jurisdiction: string;
  readonly status: ConsentStatus;
  readonly decidedAt: string;
  readonly purpose: {
    readonly id: string;
    readonly label: LocalizedText;
    readonly text: LocalizedText;
    readonly necessity: "necessary" | "optional";
    readonly use: PurposeUse;
    readonly digest: string;
  };
  readonly legalBasis: LegalBasis;
  readonly consentKind: ConsentKind;
  readonly dataCategories: readonly {
    readonly id: string;
    readonly label: LocalizedText;
    readonly sensitive?: string;
  }[];
  readonly processingMethods: readonly ProcessingMethod[];
  readonly storageLocations: readonly string[];
  readonly recipients: readonly (ReceiptParty & {
    readonly id: string;
    readonly role: "processor" | "controller";
  })[];
  readonly retention?: RetentionRule;
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string };
  readonly notice?: ServedNotice;
  readonly withdrawal: { readonly method: "api"; readonly path: string };
  readonly rights: readonly { readonly right: ReceiptRight; readonly path: string }[];
  /** The log entry this receipt belongs to: the blinded digest its leaf commits to, hex. */
  readonly leafDigest: string;
  /** The newest signed checkpoint of the log when the receipt was made, so that a fork shows. */
  readonly checkpoint?: string;
}

export interface ReceiptParty {
  readonly name: LocalizedText;
  readonly country: string;
  readonly contact: Contact;
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
  const purpose = policy.purposes[event.purpose];
  if (purpose === undefined) throw new RangeError("the policy has no such purpose");
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
    controller: party(policy.controller),
    jurisdiction: policy.controller.country,
    status: event.status,
    decidedAt: event.recordedAt,
    purpose: {
      id: event.purpose,
      label: purpose.label,
      text: purpose.text,
      necessity: purpose.necessity,
      use: purpose.use ?? "service",
      digest: event.purposeDigest,
    },
    legalBasis: purpose.basis,
    consentKind: purpose.consentKind ?? "explicit",
    dataCategories: purpose.categories.map((id) => {
      const { label, sensitive } = declared(policy.categories, id);
      return sensitive === undefined ? { id, label } : { id, label, sensitive };
    }),
    processingMethods: processingMethods(purpose),
    storageLocations: policy.storageLocations ?? [policy.controller.country],
    recipients: (purpose.recipients ?? []).map((id) => {
      const recipient = declared(policy.recipients, id);
      return { id, role: recipient.role, ...party(recipient) };
    }),
    ...(purpose.retention && { retention: purpose.retention }),
    policy: event.policy,
    ...(event.notice && { notice: event.notice }),
    // Requirement PIPL-15: withdrawing is as easy as giving.
    withdrawal: { method: "api", path: `${basePath}/consents/${event.purpose}` },
    rights: [
      { right: "access", path: `${basePath}/data` },
      { right: "copy", path: `${basePath}/data/export` },
      { right: "rectify", path: `${basePath}/data` },
      { right: "erase", path: `${basePath}/requests` },
      { right: "withdraw", path: `${basePath}/consents/${event.purpose}` },
    ],
    leafDigest,
    ...(checkpoint !== undefined && { checkpoint }),
  };
}

function party({ name, country, contact }: ReceiptParty): ReceiptParty {
  return { name, country, contact };
}

function declared<Value>(table: { readonly [id: string]: Value }, id: string): Value {
  const found = table[id];
  if (found === undefined) throw new RangeError("the policy names an id it does not declare");
  return found;
}
