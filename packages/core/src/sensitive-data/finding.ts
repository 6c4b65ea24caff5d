import type { SensitiveCategoryId } from "./sensitive-category.ts";

/** What kind of value was recognised: by its content, or `field` by the name it stands under. */
export type FindingType = "cn-resident-id" | "bank-card" | "field";

/** Sensitive data at a place. Never holds the value. */
export interface Finding {
  readonly type: FindingType;
  readonly category: SensitiveCategoryId;
  /**
   * Where in a structure, as a JSON path; `$` for a text. A key may itself be data: one that is no field name we know reads `*`.
   */
  readonly path: string;
  /** UTF-16 offsets in the text at `path`; a finding by field name spans it whole. */
  readonly start: number;
  readonly end: number;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: "content" | "field-name";
}
