export { checkPolicy } from "./policy/check-policy.ts";
export {
  type ClientCategory,
  type ClientPolicy,
  type ClientPurpose,
  type ClientSdk,
  clientPolicy,
} from "./policy/client-policy.ts";
export {
  diffPolicies,
  type PolicyChange,
  type PolicyChangeEffect,
} from "./policy/diff-policies.ts";
export { parsePolicy } from "./policy/parse-policy.ts";
export { parsePolicyLock } from "./policy/parse-policy-lock.ts";
export {
  anchor,
  type AnchorField,
  type Field,
  group,
  type GroupField,
  type LeafField,
  leafFields,
  list,
  type ListField,
  personal,
  type PersonalField,
  type PersonalRecord,
  personalRecord,
  plain,
  type PlainField,
  type RecordShape,
  recordCategories,
  type RectifyRule,
  type Row,
  subject,
  type SubjectField,
  subjectFieldName,
  tenant,
  type TenantField,
} from "./policy/personal-record.ts";
export {
  type CategoryDefinition,
  type CategoryId,
  COLLECTED_IN,
  type CollectedIn,
  type ConsentKind,
  type Contact,
  type DataSource,
  definePolicy,
  type EvidenceRule,
  type HoldDefinition,
  type Language,
  type LegalBasis,
  type LocalizedText,
  type Party,
  type PlatformSettings,
  type Policy,
  type ProcessingMethod,
  type PurposeCategory,
  type PurposeDefinition,
  type PurposeId,
  type PurposeUse,
  type RecipientDefinition,
  type RecipientId,
  type RetentionRule,
  type SdkDefinition,
} from "./policy/policy.ts";
export { policyDigest, purposeDigest } from "./policy/policy-digest.ts";
export type { PolicyFinding, PolicyFindingCode } from "./policy/policy-finding.ts";
export { checkPolicyLock, type PolicyLock, policyLock } from "./policy/policy-lock.ts";
export { type NoticeOptions, renderNotice } from "./policy/render-notice.ts";
export type { Schema, SchemaResult } from "./policy/schema.ts";
export { standingDigests } from "./policy/standing-digests.ts";
export type { WeixinPrivacyKey } from "./platform/weixin-privacy-key.ts";
