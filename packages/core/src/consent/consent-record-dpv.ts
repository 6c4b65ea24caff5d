import type { JsonObject, JsonValue } from "../json/json-value.ts";
import type { Contact, LocalizedText } from "../policy/policy.ts";
import type { ServedNotice } from "./consent-event.ts";
import type { ConsentRecord, RecordedDecision } from "./consent-record.ts";
import type { ReceiptParty } from "./consent-terms.ts";
import {
  BASIS_TERMS,
  DPV_CONTEXT,
  DPV_RECORD_PROFILE,
  ENTITY_TERMS,
  KIND_TERMS,
  METHOD_TERMS,
  NECESSITY_TERMS,
  ROLE_TERMS,
  STATUS_TERMS,
  THEN_TERMS,
  USE_TERMS,
} from "./dpv-terms.ts";

/** The part of a record that ISO/IEC TS 27560 in its DPV form has room for. */
export interface DpvConsentFields extends Pick<
  ConsentRecord,
  | "recordId"
  | "subjectRef"
  | "controller"
  | "jurisdiction"
  | "legalBasis"
  | "consentKind"
  | "dataCategories"
  | "processingMethods"
  | "storageLocations"
  | "recipients"
  | "retention"
  | "notice"
  | "status"
  | "validity"
  | "withdrawal"
  | "rights"
> {
  readonly purpose: Omit<ConsentRecord["purpose"], "digest">;
  readonly events: readonly Pick<
    RecordedDecision,
    "decisionId" | "status" | "recordedAt" | "entity" | "validUntil" | "notice"
  >[];
}

/**
 * Writes a record as JSON-LD in the shape the DPV guide gives to ISO/IEC TS 27560. What the form has no field for
 * (digests, age, the device's clock) stays out.
 *
 * @see https://w3id.org/dpv/guides/consent-27560 (2026-02-15)
 */
export function consentRecordToDpv(record: ConsentRecord): JsonObject {
  const { controller, notice, validity } = record;
  return {
    "@context": DPV_CONTEXT,
    "@id": `urn:miniprivacy:consent:record:${record.recordId}`,
    "@type": "dpv:ConsentRecord",
    "dct:conformsTo": DPV_RECORD_PROFILE,
    "dct:identifier": record.recordId,
    "dpv:hasDataSubject": { "@type": "dpv:DataSubject", "dct:identifier": record.subjectRef },
    "dpv:hasDataController": { "@type": "dpv:DataController", ...partyNode(controller) },
    "dpv:hasJurisdiction": `loc:${record.jurisdiction}`,
    ...(notice && { "dpv:hasNotice": noticeNode(notice) }),
    "dpv:hasProcess": processNode(record),
    "dpv:hasStatus": {
      "@type": STATUS_TERMS[record.status],
      "dpv:isIndicatedAtTime": validity.from,
      ...until(validity.until),
    },
    "dpv:hasConsentStatus": record.events.map(eventNode),
  };
}

function processNode(record: ConsentRecord): JsonObject {
  const { purpose, withdrawal, rights } = record;
  return {
    "@type": "dpv:Process",
    "dpv:hasPurpose": {
      "@type": "dpv:Purpose",
      "dct:identifier": purpose.id,
      "dct:title": texts(purpose.label),
      "dct:description": texts(purpose.text),
      "skos:broader": USE_TERMS[purpose.use],
      "dpv:hasNecessity": NECESSITY_TERMS[purpose.necessity],
    },
    "dpv:hasLegalBasis": [BASIS_TERMS[record.legalBasis], KIND_TERMS[record.consentKind]],
    "dpv:hasPersonalData": record.dataCategories.map(({ id, label, sensitive }) => ({
      "@type": sensitive === undefined ? "dpv:PersonalData" : "dpv:SensitivePersonalData",
      "dct:identifier": id,
      "dct:title": texts(label),
      ...(sensitive !== undefined && { "dct:type": sensitive }),
    })),
    "dpv:hasProcessing": record.processingMethods.map((method) => METHOD_TERMS[method]),
    "dpv:hasStorageCondition": storageNodes(record),
    "dpv:hasRecipient": record.recipients.map(({ id, role, categories, ...recipient }) => ({
      "@type": ROLE_TERMS[role],
      "dct:identifier": id,
      ...partyNode(recipient),
      ...(categories && { "dpv:hasPersonalData": categories }),
    })),
    "dpv:hasConsentControl": {
      "@type": "dpv:WithdrawConsent",
      "dpv:isExercisedAt": withdrawal.path,
    },
    "dpv:hasRight": rights.map(({ right, path }) => ({
      "@type": "dpv:DataSubjectRight",
      "dct:identifier": right,
      "dpv:isExercisedAt": path,
    })),
  };
}

function storageNodes({ storageLocations, retention }: ConsentRecord): readonly JsonObject[] {
  const location = {
    "@type": "dpv:StorageLocation",
    "dpv:hasLocation": storageLocations.map((country) => `loc:${country}`),
  };
  if (retention === undefined) return [location];
  const { days, from, then } = retention;
  return [
    location,
    {
      "@type": "dpv:StorageDuration",
      "dpv:hasDuration": { "@type": "dpv:TemporalDuration", "rdf:value": `P${days}D` },
      "miniprivacy:countedFrom": from,
      "dpv:hasProcessing": THEN_TERMS[then],
    },
  ];
}

function eventNode(event: RecordedDecision): JsonObject {
  const { decisionId, status, recordedAt, entity, validUntil, notice } = event;
  return {
    "@type": STATUS_TERMS[status],
    "dct:identifier": decisionId,
    "dpv:isIndicatedAtTime": recordedAt,
    "dpv:isIndicatedBy": ENTITY_TERMS[entity],
    ...until(validUntil),
    ...(notice && { "dpv:hasNotice": noticeNode(notice) }),
  };
}

/** The form wants a duration of every event; one without an end has none to state. */
function until(moment: string | undefined): JsonObject {
  const duration =
    moment === undefined
      ? { "@type": "dpv:EndlessDuration" }
      : { "@type": "dpv:UntilTimeDuration", "rdf:value": moment };
  return { "dpv:hasDuration": duration };
}

function noticeNode({ language, textDigest, servedAt, surface }: ServedNotice): JsonObject {
  return {
    "@type": "dpv:ConsentNotice",
    "dct:identifier": textDigest,
    "dct:language": language,
    "dct:date": servedAt,
    ...(surface !== undefined && { "dpv:hasIndicationMethod": surface }),
  };
}

const CONTACT_TERMS = {
  email: "schema:email",
  phone: "schema:telephone",
  url: "schema:url",
  address: "schema:address",
} as const;

function partyNode({ name, country, contact }: ReceiptParty): JsonObject {
  return {
    "dpv:hasName": texts(name),
    "dpv:hasLocation": `loc:${country}`,
    "schema:contactPoint": { "@type": "schema:ContactPoint", ...contactNode(contact) },
  };
}

function contactNode(contact: Contact): JsonObject {
  return Object.fromEntries(
    (Object.keys(CONTACT_TERMS) as (keyof Contact)[]).flatMap((way) => {
      const value = contact[way];
      return value === undefined ? [] : [[CONTACT_TERMS[way], value] as const];
    }),
  );
}

function texts(text: LocalizedText): readonly JsonValue[] {
  return Object.entries(text).map(([language, value]) => ({
    "@language": language,
    "@value": value,
  }));
}
