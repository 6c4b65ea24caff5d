import * as z from "zod/mini";
import { inputIssues } from "../errors/input-issues.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import type { JsonObject } from "../json/json-value.ts";
import type {
  ConsentKind,
  Contact,
  Language,
  LocalizedText,
  PurposeUse,
  RetentionRule,
} from "../policy/policy.ts";
import type { ConsentRecord } from "./consent-record.ts";
import { isPermitting } from "./consent-status.ts";
import { surfaceSchema } from "./notice-schema.ts";

/** The part of a record that a Kantara consent receipt has room for: texts in one language, moments to the second. */
export interface KantaraConsentFields {
  readonly recordId: string;
  readonly subjectRef: string;
  readonly jurisdiction: string;
  readonly decidedAt: string;
  readonly language?: Language;
  readonly surface?: string;
  readonly controller: {
    readonly name: string;
    readonly country?: string;
    readonly contact: Contact;
  };
  readonly purpose: {
    readonly label: string;
    readonly text: string;
    readonly necessity: "necessary" | "optional";
    /** Absent when the receipt names none of ours. */
    readonly use?: PurposeUse;
  };
  /** Absent when the receipt states no consent that permits. */
  readonly consentKind?: ConsentKind;
  readonly dataCategories: readonly string[];
  readonly sensitive: readonly string[];
  /** In one text, as the form has it. */
  readonly recipientNames?: string;
  readonly retention?: RetentionRule;
}

const VERSION = "KI-CR-v1.1.0";
const NOT_STATED = "(not stated)";
const NO_CONSENT = "N/A";
const CONSENT_TYPES: { readonly [Kind in ConsentKind]: string } = {
  explicit: "EXPLICIT",
  separate: "EXPLICIT (separate)",
  written: "EXPLICIT (written)",
  guardian: "EXPLICIT (guardian)",
};

/**
 * Writes a record as a Kantara consent receipt. The form knows no state: of a consent that does not permit, its type
 * is `N/A` and its termination says what became of it. What a policy does not name is empty where the form wants a text.
 *
 * @see Kantara Consent Receipt Specification v1.1.0
 */
export function consentRecordToKantara(record: ConsentRecord): JsonObject {
  const { controller, purpose, notice, recipients, dataCategories, status, legalBasis } = record;
  const inLanguage = (text: LocalizedText): string =>
    text[notice?.language ?? ""] ?? Object.values(text)[0] ?? "";
  const { email = "", phone = "", url, address } = controller.contact;
  const sensitive = sensitiveOf(dataCategories);
  const permits = isPermitting(status) && legalBasis === "consent";
  return {
    version: VERSION,
    jurisdiction: record.jurisdiction,
    consentTimestamp: Math.floor(Date.parse(record.validity.from) / 1000),
    collectionMethod: notice?.surface ?? NOT_STATED,
    consentReceiptID: record.recordId,
    ...(notice && { language: notice.language }),
    piiPrincipalId: record.subjectRef,
    piiControllers: [
      {
        piiController: inLanguage(controller.name),
        contact: inLanguage(controller.name),
        address: {
          addressCountry: controller.country,
          ...(address !== undefined && { streetAddress: address }),
        },
        email,
        phone,
        ...(url !== undefined && { piiControllerUrl: url }),
      },
    ],
    policyUrl: url ?? "",
    services: [
      {
        service: inLanguage(purpose.label),
        purposes: [
          {
            purpose: inLanguage(purpose.text),
            purposeCategory: [purpose.use],
            consentType: permits ? CONSENT_TYPES[record.consentKind] : NO_CONSENT,
            piiCategory: dataCategories.map(({ id }) => id),
            primaryPurpose: purpose.necessity === "necessary",
            termination: isPermitting(status)
              ? termination(record.retention)
              : `${status} since ${record.validity.from}`,
            thirdPartyDisclosure: recipients.length > 0,
            ...(recipients.length > 0 && {
              thirdPartyName: recipients.map(({ name }) => inLanguage(name)).join("; "),
            }),
          },
        ],
      },
    ],
    sensitive: sensitive.length > 0,
    spiCat: sensitive,
  };
}

/**
 * Reads a Kantara consent receipt of one controller and one purpose. Members beside these are passed over.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` with the places that are wrong.
 */
export function consentRecordFromKantara(json: unknown): KantaraConsentFields {
  const result = receipt.safeParse(json);
  if (!result.success)
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(result.error.issues) });
  const { language, collectionMethod, piiControllers, services, ...whole } = result.data;
  const [{ piiController, address, email, phone, piiControllerUrl }] = piiControllers;
  const [{ service, purposes }] = services;
  const [purpose] = purposes;
  const { addressCountry: country, streetAddress } = address;
  const surface = surfaceSchema.safeParse(collectionMethod);
  const kind = (Object.keys(CONSENT_TYPES) as ConsentKind[]).find(
    (each) => CONSENT_TYPES[each] === purpose.consentType,
  );
  const use = USES.find((each) => purpose.purposeCategory.includes(each));
  const retention = retentionOf(purpose.termination);
  const recipientNames = purpose.thirdPartyDisclosure ? purpose.thirdPartyName : undefined;
  return {
    recordId: whole.consentReceiptID,
    subjectRef: whole.piiPrincipalId,
    jurisdiction: whole.jurisdiction,
    decidedAt: new Date(whole.consentTimestamp * 1000).toISOString(),
    ...(language !== undefined && { language }),
    ...(surface.success && { surface: surface.data }),
    controller: {
      name: piiController,
      ...(country !== undefined && { country }),
      contact: {
        ...(email !== "" && { email }),
        ...(phone !== "" && { phone }),
        ...(piiControllerUrl !== undefined && { url: piiControllerUrl }),
        ...(streetAddress !== undefined && { address: streetAddress }),
      },
    },
    purpose: {
      label: service,
      text: purpose.purpose,
      necessity: purpose.primaryPurpose === true ? "necessary" : "optional",
      ...(use && { use }),
    },
    ...(kind && { consentKind: kind }),
    dataCategories: purpose.piiCategory,
    sensitive: whole.spiCat,
    ...(recipientNames !== undefined && { recipientNames }),
    ...(retention && { retention }),
  };
}

function sensitiveOf(categories: ConsentRecord["dataCategories"]): readonly string[] {
  return [...new Set(categories.flatMap(({ sensitive }) => sensitive ?? []))];
}

function termination(retention: RetentionRule | undefined): string {
  if (retention === undefined) return NOT_STATED;
  return `P${retention.days}D from ${retention.from}, then ${retention.then}`;
}

function retentionOf(text: string): RetentionRule | undefined {
  const [, days, from, then] =
    /^P(\d{1,5})D from ([A-Za-z0-9-]{1,64}), then (erase|anonymize)$/.exec(text) ?? [];
  if (days === undefined || from === undefined) return undefined;
  return { days: Number(days), from, then: then === "anonymize" ? "anonymize" : "erase" };
}

const USES: readonly PurposeUse[] = [
  "service",
  "marketing",
  "sharing",
  "transfer",
  "outside-program",
];

const string = z.string();
/** The last second that RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799;
const receipt = z.object({
  version: z.literal(VERSION),
  jurisdiction: string,
  consentTimestamp: z.int().check(z.minimum(0), z.maximum(LAST_SECOND)),
  collectionMethod: string,
  consentReceiptID: string,
  language: z.exactOptional(z.enum(["zh-CN", "en"])),
  piiPrincipalId: string,
  piiControllers: z.tuple([
    z.object({
      piiController: string,
      address: z.object({
        addressCountry: z.exactOptional(string),
        streetAddress: z.exactOptional(string),
      }),
      email: string,
      phone: string,
      piiControllerUrl: z.exactOptional(string),
    }),
  ]),
  services: z.tuple([
    z.object({
      service: string,
      purposes: z.tuple([
        z.object({
          purpose: string,
          purposeCategory: z.array(string),
          consentType: string,
          piiCategory: z.array(string),
          primaryPurpose: z.exactOptional(z.boolean()),
          termination: string,
          thirdPartyDisclosure: z.boolean(),
          thirdPartyName: z.exactOptional(string),
        }),
      ]),
    }),
  ]),
  spiCat: z.array(string),
});
