/** What the set labels. The names are those of the scanner's findings. */
export const EVALUATED_TYPES = [
  "cn-resident-id",
  "cn-foreign-permit",
  "unified-social-credit-code",
  "bank-card",
  "phone",
  "passport",
  "travel-permit",
  "hk-id",
  "mo-id",
  "tw-id",
  "plate",
  "vin",
  "email",
  "ip-address",
  "mac-address",
  "imei",
  "advertising-id",
  "coordinates",
  "platform-id",
  "credential",
  "health-term",
  "belief-term",
  "child-age",
  "child-birth-date",
  "field",
] as const;
export type EvaluatedType = (typeof EVALUATED_TYPES)[number];

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

interface LabelBase {
  readonly type: EvaluatedType;
  /** Types that are as right here: found as one of them, the label is found. */
  readonly also?: readonly EvaluatedType[];
  /** People may differ here: neither a miss nor a false alarm. */
  readonly optional?: true;
}
/** UTF-16 offsets in the text. */
export interface TextLabel extends LabelBase {
  readonly start: number;
  readonly end: number;
}
export interface PayloadLabel extends LabelBase {
  /** Of a `field`: the category its name says. Several where people may differ. */
  readonly categories?: readonly string[];
  /** Keys from the root; an index of a list is a key too. */
  readonly path: readonly string[];
}

interface CaseBase {
  readonly id: string;
  readonly language: "zh" | "en" | "mixed";
  readonly origin: "generated" | "written";
}
export interface TextCase extends CaseBase {
  readonly kind: "text";
  readonly content: string;
  readonly labels: readonly TextLabel[];
}
export interface PayloadCase extends CaseBase {
  readonly kind: "payload";
  readonly content: JsonValue;
  readonly labels: readonly PayloadLabel[];
}
export type EvaluationCase = TextCase | PayloadCase;
