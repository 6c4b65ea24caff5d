export { categoryOfField, type NamedField } from "./sensitive-data/field-name.ts";
export type { ContentType, Finding, FindingType } from "./sensitive-data/finding.ts";
export {
  createGuard,
  type Guard,
  type GuardOptions,
  type GuardVerdict,
} from "./sensitive-data/guard.ts";
export {
  CATEGORY_OF_INTERFACE,
  createProvenance,
  type Provenance,
} from "./sensitive-data/provenance.ts";
export { redactText } from "./sensitive-data/redact.ts";
export { redactValue, UNREAD } from "./sensitive-data/redact-value.ts";
export { createScanStream, type ScanStream } from "./sensitive-data/scan-stream.ts";
export { scanText, type ScanOptions } from "./sensitive-data/scan-text.ts";
export { scanValue, type ValueScan, type ValueScanOptions } from "./sensitive-data/scan-value.ts";
export { SCAN_LIMITS } from "./sensitive-data/value-walk.ts";
export {
  type ContactCategoryId,
  DATA_CATEGORIES,
  type DataCategoryId,
  type SensitiveCategoryId,
} from "./sensitive-data/sensitive-category.ts";
export { SENSITIVE_CATEGORY_LABELS } from "./sensitive-data/sensitive-category-label.ts";
export {
  type CategoryAction,
  categoryAction,
  type ProfileChoice,
  type ProfileOverlay,
  type SensitiveProfile,
} from "./sensitive-data/sensitive-profile.ts";
