export {
  type CertificateLogEntry,
  certificateLogEntry,
} from "./certificate/certificate-log-entry.ts";
export type { Check, CheckName } from "./certificate/checklist.ts";
export {
  claimFulfils,
  type ClaimContext,
  type DeletionClaim,
  type DerivedClaim,
  deriveClaim,
} from "./certificate/claim.ts";
export {
  type BackupStatement,
  type CertificateAbout,
  type CertificateIssuer,
  type CertificateText,
  type CryptoErase,
  type DatasetSelector,
  type DeletionCertificate,
  type DeletionCertificateDraft,
  deletionCertificate,
  type ErasedScope,
  type ErasureTrigger,
  PLATFORM_NAMES,
  type PlatformName,
  type SanitizationMethod,
  type ScopeVerification,
  type StoreKind,
  type SupersededReason,
  type ProcessorStatement,
  type VerificationMethod,
} from "./certificate/deletion-certificate.ts";
export { parseDeletionCertificate } from "./certificate/parse-deletion-certificate.ts";
export { parseKeySet } from "./certificate/parse-key-set.ts";
export {
  type CertificateRenderOptions,
  renderCertificateHtml,
} from "./certificate/render-certificate.ts";
export type { Residual, ResidualReason } from "./certificate/residual.ts";
export { createSigner, generateSigningKey, type Signer } from "./certificate/signer.ts";
export {
  type KeySet,
  keyThumbprint,
  type PrivateJwk,
  type PublicJwk,
  type PublicKeyMembers,
  type PublicLogJwk,
  type SignatureAlgorithm,
} from "./certificate/signing-key.ts";
export { parseStatementFile, type StatementFile } from "./certificate/statement-file.ts";
export { MAX_STATEMENT_LENGTH, type StatementType } from "./certificate/statement-type.ts";
export { parseStrictJson } from "./certificate/strict-json.ts";
export type { LoggedAt, LogProofOptions, VerifyEd25519 } from "./certificate/verify-log-proof.ts";
export {
  type InvalidStatement,
  type StatementClaims,
  type StatementVerification,
  type ValidStatement,
  type VerifyOptions,
  verifyCertificate,
  verifyStatement,
} from "./certificate/verify-statement.ts";
export { VERIFY_WORDS, type VerifyWords } from "./certificate/verify-words.ts";
