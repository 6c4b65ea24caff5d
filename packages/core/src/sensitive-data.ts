export type { Finding, FindingType } from "./sensitive-data/finding.ts";
export {
  createGuard,
  type Guard,
  type GuardOptions,
  type GuardVerdict,
} from "./sensitive-data/guard.ts";
export { redactText } from "./sensitive-data/redact.ts";
export { scanText, type ScanOptions } from "./sensitive-data/scan-text.ts";
export { scanValue, SCAN_LIMITS, type ValueScan } from "./sensitive-data/scan-value.ts";
export {
  SENSITIVE_FIELD_NAMES,
  type SensitiveCategoryId,
} from "./sensitive-data/sensitive-category.ts";
export { SENSITIVE_CATEGORY_LABELS } from "./sensitive-data/sensitive-category-label.ts";
export {
  type CategoryAction,
  categoryAction,
  type SensitiveProfile,
} from "./sensitive-data/sensitive-profile.ts";
