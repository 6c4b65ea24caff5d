import type { DataCategoryId } from "./sensitive-category.ts";

/** What the content of a text was recognised as. */
export type ContentType =
  | "cn-resident-id"
  | "cn-foreign-permit"
  | "unified-social-credit-code"
  | "bank-card"
  | "phone"
  | "passport"
  | "travel-permit"
  | "hk-id"
  | "mo-id"
  | "tw-id"
  | "plate"
  | "vin"
  | "email"
  | "ip-address"
  | "mac-address"
  | "imei"
  | "advertising-id"
  | "coordinates"
  | "platform-id"
  | "credential"
  | "health-term"
  | "belief-term"
  | "child-age"
  | "child-birth-date";

/** What was recognised: a content, a `field` by the name it stands under, or `provenance` by where it came from. */
export type FindingType = ContentType | "field" | "provenance";

/** Personal data at a place. Never holds the value. */
export interface Finding {
  readonly type: FindingType;
  readonly category: DataCategoryId;
  /**
   * Where in a structure, as a JSON path; `$` for a text. A key may itself be data: one that is no field name we know reads `*`.
   */
  readonly path: string;
  /** UTF-16 offsets in the text at `path`; a finding in what is no text spans nothing. */
  readonly start: number;
  readonly end: number;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: "content" | "field-name" | "provenance";
}

/** A finding in a text, before it is known where the text stands. */
export type Candidate = Omit<Finding, "path">;

/** The category of what is recognised by its content alone. */
export const CATEGORY_OF_CONTENT: { readonly [Type in ContentType]: DataCategoryId } = {
  "cn-resident-id": "id-document.cn-id-number",
  "cn-foreign-permit": "id-document.other-cn",
  "unified-social-credit-code": "identifier.organisation",
  "bank-card": "financial.account",
  phone: "contact.phone",
  passport: "id-document.passport",
  "travel-permit": "id-document.other-cn",
  "hk-id": "id-document.other-cn",
  "mo-id": "id-document.other-cn",
  "tw-id": "id-document.other-cn",
  plate: "identifier.vehicle",
  vin: "identifier.vehicle",
  email: "contact.email",
  "ip-address": "identifier.network",
  "mac-address": "identifier.device",
  imei: "identifier.device",
  "advertising-id": "identifier.device",
  coordinates: "location.precise-point",
  "platform-id": "identifier.platform",
  credential: "credential.account",
  "health-term": "health.condition",
  "belief-term": "religion.belief",
  "child-age": "minor.under14",
  "child-birth-date": "minor.under14",
};
