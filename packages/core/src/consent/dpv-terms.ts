import type { ConsentKind, LegalBasis, ProcessingMethod, PurposeUse } from "../policy/policy.ts";
import type { RecordedDecision } from "./consent-record.ts";
import type { ConsentStatus } from "./consent-status.ts";

/** The prefixes of a record in JSON-LD. `miniprivacy:` and `cn-pipl:` are ours: DPV has no terms of Chinese law. */
export const DPV_CONTEXT = {
  dpv: "https://w3id.org/dpv#",
  dct: "http://purl.org/dc/terms/",
  schema: "https://schema.org/",
  skos: "http://www.w3.org/2004/02/skos/core#",
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  loc: "https://w3id.org/dpv/loc#",
  "cn-pipl": "urn:miniprivacy:cn-pipl:",
  miniprivacy: "urn:miniprivacy:consent:",
} as const;

/** The profile a record conforms to. */
export const DPV_RECORD_PROFILE = "https://w3id.org/dpv/schema/dpv-27560#record";

type Terms<Name extends string> = { readonly [Each in Name]: string };

export const STATUS_TERMS: Terms<ConsentStatus> = {
  unknown: "dpv:ConsentUnknown",
  requested: "dpv:ConsentRequested",
  deferred: "dpv:ConsentRequestDeferred",
  given: "dpv:ConsentGiven",
  renewed: "dpv:RenewedConsentGiven",
  refused: "dpv:ConsentRefused",
  withdrawn: "dpv:ConsentWithdrawn",
  expired: "dpv:ConsentExpired",
  revoked: "dpv:ConsentRevoked",
  invalidated: "dpv:ConsentInvalidated",
  legacy: "miniprivacy:LegacyConsentGiven",
};

export const BASIS_TERMS: Terms<LegalBasis> = {
  consent: "dpv:ExplicitlyExpressedConsent",
  contract: "dpv:Contract",
  "legal-duty": "dpv:LegalObligation",
  entrusted: "miniprivacy:EntrustedProcessing",
};

export const KIND_TERMS: Terms<ConsentKind> = {
  explicit: "cn-pipl:ExplicitConsent",
  separate: "cn-pipl:SeparateConsent",
  written: "cn-pipl:WrittenConsent",
  guardian: "cn-pipl:GuardianConsent",
};

export const USE_TERMS: Terms<PurposeUse> = {
  service: "dpv:ServiceProvision",
  marketing: "dpv:Marketing",
  sharing: "miniprivacy:Sharing",
  transfer: "miniprivacy:Transfer",
  "outside-program": "miniprivacy:OutsideProgram",
};

export const METHOD_TERMS: Terms<ProcessingMethod> = {
  collect: "dpv:Collect",
  store: "dpv:Store",
  use: "dpv:Use",
  transmit: "dpv:Transmit",
  provide: "dpv:Share",
  publish: "dpv:Disseminate",
  erase: "dpv:Erase",
};

export const ENTITY_TERMS: Terms<RecordedDecision["entity"]> = {
  subject: "dpv:DataSubject",
  guardian: "dpv:GuardianOfDataSubject",
  controller: "dpv:DataController",
};

export const NECESSITY_TERMS: Terms<"necessary" | "optional"> = {
  necessary: "dpv:Required",
  optional: "dpv:Optional",
};

export const ROLE_TERMS: Terms<"processor" | "controller"> = {
  processor: "dpv:DataProcessor",
  controller: "dpv:ThirdParty",
};

export const THEN_TERMS: Terms<"erase" | "anonymize"> = {
  erase: "dpv:Erase",
  anonymize: "dpv:Anonymise",
};

/** The name that a term stands for. */
export function nameOfTerm<Name extends string>(
  terms: Terms<Name>,
  term: string,
): Name | undefined {
  return (Object.keys(terms) as Name[]).find((name) => terms[name] === term);
}
