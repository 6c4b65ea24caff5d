import type { Language } from "../policy/policy.ts";
import type { AgeBand } from "./consent-age.ts";
import type { ConsentStatus } from "./consent-status.ts";

/** What the subject decided, as a client reports it. */
export type ConsentDecisionKind = "given" | "refused" | "withdrawn";

/** The notice that was served before the decision and reported as shown. */
export interface ServedNotice {
  readonly language: Language;
  /** SHA-256 of the text served, hex. */
  readonly textDigest: string;
  readonly servedAt: string;
  /** What showed it: `page`, `element`, `mini-program` …; 1 to 64 of `A-Za-z0-9._-`. */
  readonly surface?: string;
}

/** The parent or guardian who consents for a child, and how that was made sure of. Names nobody (PIPL-31). */
export interface GuardianConsent {
  readonly relation: "parent" | "guardian";
  readonly verification: "identity-check" | "signed-form" | "payment" | "message";
}

/** A consent on paper or under an electronic signature (PIPL-14, PIPL-29: where a law asks for written form). */
export interface WrittenConsent {
  /** SHA-256 of the signed document, which the host keeps, hex. */
  readonly documentDigest: string;
  readonly method: "handwritten" | "electronic-signature";
}

/** One decision as the log keeps it. Names the subject by subjectRef only. */
export interface ConsentEvent {
  readonly type: "consent";
  readonly schemaVersion: "1";
  /** One record a subject and purpose; its events share the id. */
  readonly recordId: string;
  /** The client's id of the decision; the same id is the same decision. */
  readonly decisionId: string;
  readonly subjectRef: string;
  readonly purpose: string;
  readonly status: ConsentStatus;
  /** When the server recorded it, RFC 3339. */
  readonly recordedAt: string;
  /** What the device's clock said: a claim, kept as such. */
  readonly claimedAt: string;
  /** Digest of the decision as it was submitted, hex: the same id with another content is refused. */
  readonly submissionDigest: string;
  /** Which device, as a name without meaning elsewhere; absent when the client names none. */
  readonly device?: string;
  /** The device's own count of decisions: orders those of one device. */
  readonly counter: number;
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string };
  readonly purposeDigest: string;
  readonly notice?: ServedNotice;
  /** After this moment the consent no longer permits, RFC 3339. */
  readonly validUntil?: string;
  /** How old the subject said to be; asked only where children may be among the subjects. */
  readonly ageBand?: AgeBand;
  readonly guardian?: GuardianConsent;
  readonly written?: WrittenConsent;
  /** A refusal that the browser's Global Privacy Control made. */
  readonly signal?: "gpc";
  /** The act that gave the consent also agreed to the platform's own privacy guide. */
  readonly platformAgreement?: "same-act";
  /** Of a legacy consent: what shows that it was given. */
  readonly evidence?: string;
  /** The record of an anonymous device that this decision was taken over from. */
  readonly origin?: { readonly recordId: string };
}
