import * as z from "zod/mini";
import { inputIssues } from "../errors/input-issues.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import { digestSchema } from "../policy/party-schema.ts";
import type { DpvConsentFields } from "./consent-record-dpv.ts";
import {
  BASIS_TERMS,
  DPV_RECORD_PROFILE,
  ENTITY_TERMS,
  KIND_TERMS,
  METHOD_TERMS,
  nameOfTerm,
  NECESSITY_TERMS,
  ROLE_TERMS,
  STATUS_TERMS,
  THEN_TERMS,
  USE_TERMS,
} from "./dpv-terms.ts";
import { surfaceSchema } from "./notice-schema.ts";

/**
 * Reads a record from the JSON-LD that `consentRecordToDpv` writes: compact, with its prefixes. JSON-LD with another
 * context has to be compacted to them first. Members the form allows beside these are passed over.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` with the places that are wrong.
 */
export function consentRecordFromDpv(json: unknown): DpvConsentFields {
  const result = recordNode.safeParse(json);
  if (!result.success)
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(result.error.issues) });
  const node = result.data;
  const process = node["dpv:hasProcess"];
  const purpose = process["dpv:hasPurpose"];
  const [legalBasis, consentKind] = process["dpv:hasLegalBasis"];
  const [{ "dpv:hasLocation": storageLocations }, storage] = process["dpv:hasStorageCondition"];
  const notice = node["dpv:hasNotice"];
  const { status, at, until } = node["dpv:hasStatus"];
  return {
    recordId: node["dct:identifier"],
    subjectRef: node["dpv:hasDataSubject"]["dct:identifier"],
    controller: node["dpv:hasDataController"],
    jurisdiction: node["dpv:hasJurisdiction"],
    purpose: {
      id: purpose["dct:identifier"],
      label: purpose["dct:title"],
      text: purpose["dct:description"],
      necessity: purpose["dpv:hasNecessity"],
      use: purpose["skos:broader"],
    },
    legalBasis,
    consentKind,
    dataCategories: process["dpv:hasPersonalData"],
    processingMethods: process["dpv:hasProcessing"],
    storageLocations,
    recipients: process["dpv:hasRecipient"],
    ...(storage && { retention: storage }),
    ...(notice && { notice }),
    status,
    validity: { from: at, ...(until !== undefined && { until }) },
    events: node["dpv:hasConsentStatus"].map(({ at, until, ...event }) => ({
      ...event,
      recordedAt: at,
      ...(until !== undefined && { validUntil: until }),
    })),
    withdrawal: { method: "api", path: process["dpv:hasConsentControl"]["dpv:isExercisedAt"] },
    rights: process["dpv:hasRight"],
  };
}

const string = z.string();
const moment = z.iso.datetime();

/** One of our names, from its term. */
function term<Name extends string>(terms: { readonly [Each in Name]: string }) {
  return z.pipe(
    z.enum(Object.values<string>(terms)),
    z.transform((found) => nameOfTerm(terms, found)!),
  );
}

const country = z.pipe(
  z.string().check(z.startsWith("loc:")),
  z.transform((place) => place.slice("loc:".length)),
);

const language = z.enum(["zh-CN", "en"]);
const texts = z.pipe(
  z
    .array(z.object({ "@language": language, "@value": string.check(z.minLength(1)) }))
    .check(z.minLength(1)),
  z.transform((list) =>
    Object.fromEntries(list.map((text) => [text["@language"], text["@value"]])),
  ),
);

const party = {
  "dpv:hasName": texts,
  "dpv:hasLocation": country,
  "schema:contactPoint": z.pipe(
    z.object({
      "schema:email": z.exactOptional(string),
      "schema:telephone": z.exactOptional(string),
      "schema:url": z.exactOptional(string),
      "schema:address": z.exactOptional(string),
    }),
    z.transform((point) => ({
      ...(point["schema:email"] !== undefined && { email: point["schema:email"] }),
      ...(point["schema:telephone"] !== undefined && { phone: point["schema:telephone"] }),
      ...(point["schema:url"] !== undefined && { url: point["schema:url"] }),
      ...(point["schema:address"] !== undefined && { address: point["schema:address"] }),
    })),
  ),
};

const controllerNode = z.pipe(
  z.object(party),
  z.transform((node) => ({
    name: node["dpv:hasName"],
    country: node["dpv:hasLocation"],
    contact: node["schema:contactPoint"],
  })),
);

const recipientNode = z.pipe(
  z.object({
    ...party,
    "@type": term(ROLE_TERMS),
    "dct:identifier": string,
    "dpv:hasPersonalData": z.exactOptional(z.array(string)),
  }),
  z.transform((node) => ({
    id: node["dct:identifier"],
    role: node["@type"],
    name: node["dpv:hasName"],
    country: node["dpv:hasLocation"],
    contact: node["schema:contactPoint"],
    ...(node["dpv:hasPersonalData"] && { categories: node["dpv:hasPersonalData"] }),
  })),
);

const noticeNode = z.pipe(
  z.object({
    "@type": z.literal("dpv:ConsentNotice"),
    "dct:identifier": digestSchema,
    "dct:language": language,
    "dct:date": moment,
    "dpv:hasIndicationMethod": z.exactOptional(surfaceSchema),
  }),
  z.transform((node) => {
    const surface = node["dpv:hasIndicationMethod"];
    return {
      language: node["dct:language"],
      textDigest: node["dct:identifier"],
      servedAt: node["dct:date"],
      ...(surface !== undefined && { surface }),
    };
  }),
);

const durationNode = z.union([
  z.object({ "@type": z.literal("dpv:EndlessDuration") }),
  z.object({ "@type": z.literal("dpv:UntilTimeDuration"), "rdf:value": moment }),
]);

const status = {
  "@type": term(STATUS_TERMS),
  "dpv:isIndicatedAtTime": moment,
  "dpv:hasDuration": durationNode,
};

const endOf = (duration: z.output<typeof durationNode>): string | undefined =>
  "rdf:value" in duration ? duration["rdf:value"] : undefined;

const statusNode = z.pipe(
  z.object(status),
  z.transform((node) => ({
    status: node["@type"],
    at: node["dpv:isIndicatedAtTime"],
    until: endOf(node["dpv:hasDuration"]),
  })),
);

const eventNode = z.pipe(
  z.object({
    ...status,
    "dct:identifier": string,
    "dpv:isIndicatedBy": term(ENTITY_TERMS),
    "dpv:hasNotice": z.exactOptional(noticeNode),
  }),
  z.transform((node) => ({
    decisionId: node["dct:identifier"],
    status: node["@type"],
    entity: node["dpv:isIndicatedBy"],
    at: node["dpv:isIndicatedAtTime"],
    until: endOf(node["dpv:hasDuration"]),
    ...(node["dpv:hasNotice"] && { notice: node["dpv:hasNotice"] }),
  })),
);

const categoryNode = z.pipe(
  z.object({
    "dct:identifier": string,
    "dct:title": texts,
    "dct:type": z.exactOptional(string),
  }),
  z.transform((node) => ({
    id: node["dct:identifier"],
    label: node["dct:title"],
    ...(node["dct:type"] !== undefined && { sensitive: node["dct:type"] }),
  })),
);

const locationNode = z.object({
  "@type": z.literal("dpv:StorageLocation"),
  "dpv:hasLocation": z.array(country),
});

const retentionNode = z.pipe(
  z.object({
    "@type": z.literal("dpv:StorageDuration"),
    "dpv:hasDuration": z.object({ "rdf:value": string.check(z.regex(/^P\d{1,5}D$/)) }),
    "miniprivacy:countedFrom": string,
    "dpv:hasProcessing": term(THEN_TERMS),
  }),
  z.transform((node) => ({
    days: Number(node["dpv:hasDuration"]["rdf:value"].slice(1, -1)),
    from: node["miniprivacy:countedFrom"],
    then: node["dpv:hasProcessing"],
  })),
);

const rightNode = z.pipe(
  z.object({
    "dct:identifier": z.enum(["access", "copy", "rectify", "erase", "withdraw"]),
    "dpv:isExercisedAt": string,
  }),
  z.transform((node) => ({ right: node["dct:identifier"], path: node["dpv:isExercisedAt"] })),
);

const processNode = z.object({
  "dpv:hasPurpose": z.object({
    "dct:identifier": string,
    "dct:title": texts,
    "dct:description": texts,
    "skos:broader": term(USE_TERMS),
    "dpv:hasNecessity": term(NECESSITY_TERMS),
  }),
  "dpv:hasLegalBasis": z.tuple([term(BASIS_TERMS), term(KIND_TERMS)]),
  "dpv:hasPersonalData": z.array(categoryNode),
  "dpv:hasProcessing": z.array(term(METHOD_TERMS)),
  "dpv:hasStorageCondition": z.tuple([locationNode, z.optional(retentionNode)]),
  "dpv:hasRecipient": z.array(recipientNode),
  "dpv:hasConsentControl": z.object({ "dpv:isExercisedAt": string }),
  "dpv:hasRight": z.array(rightNode),
});

const recordNode = z.object({
  "@type": z.literal("dpv:ConsentRecord"),
  "dct:conformsTo": z.literal(DPV_RECORD_PROFILE),
  "dct:identifier": string,
  "dpv:hasDataSubject": z.object({ "dct:identifier": string }),
  "dpv:hasDataController": controllerNode,
  "dpv:hasJurisdiction": country,
  "dpv:hasNotice": z.exactOptional(noticeNode),
  "dpv:hasProcess": processNode,
  "dpv:hasStatus": statusNode,
  "dpv:hasConsentStatus": z.array(eventNode).check(z.minLength(1)),
});
