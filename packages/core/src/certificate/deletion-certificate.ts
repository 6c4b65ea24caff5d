import type { Remnant, StepOutcome } from "../erasure/step-outcome.ts";
import type { CollectedIn, Contact, DataSource, LocalizedText } from "../policy/policy.ts";
import { type DeletionClaim, deriveClaim } from "./claim.ts";
import { deriveResiduals, type Residual } from "./residual.ts";

/**
 * The signed confirmation that personal data is gone, or how far it is (个人信息删除确认书): one document for a person
 * or for a data set. Holds no personal data and no digest of it without a secret salt. Moments are RFC 3339 UTC,
 * digests SHA-256 in lower-case hex.
 *
 * @see WX-4.7c, PIPL-47; the fields follow NIST SP 800-88r2 §4.6
 */
export interface DeletionCertificate {
  readonly type: "deletion-certificate";
  readonly schemaVersion: "1";
  readonly certificateId: string;
  readonly issuedAt: string;
  readonly issuer: CertificateIssuer;
  readonly about: CertificateAbout;
  readonly trigger: ErasureTrigger;
  /** One entry for each store and record that was searched; never empty. */
  readonly scopes: readonly ErasedScope[];
  /** What still lies somewhere, derived from the scopes and the backups. */
  readonly residuals: readonly Residual[];
  readonly backups: BackupStatement;
  /** Processors that may have been given the data and are no scope of their own. */
  readonly processors: readonly ProcessorStatement[];
  /** The weakest of what the scopes, backups and processors allow to say; derived, never chosen. */
  readonly claim: DeletionClaim;
  /** With `partial`: when the last open point ends; absent when no end is known. */
  readonly completesAt?: string;
  /** The certificate this one takes the place of. */
  readonly supersedes?: string;
  readonly supersededReason?: SupersededReason;
  /** The newest signed checkpoint of the log at issuance, so that a fork shows. */
  readonly checkpoint?: string;
}

export interface CertificateIssuer {
  readonly name: CertificateText;
  readonly role: "controller" | "processor";
  readonly contact: Contact;
  /** Whom a processor acts for. */
  readonly controller?: { readonly name: CertificateText; readonly contact: Contact };
  /** RFC 7638 SHA-256 thumbprint of the signing key, base64url. */
  readonly keyThumbprint: string;
}

/** A text in at least one language. */
export type CertificateText = Partial<LocalizedText>;

/** Whose data: one person behind a salted commitment, or every record a selector finds. */
export type CertificateAbout =
  | { readonly kind: "subject"; readonly subjectCommitment: string }
  | {
      readonly kind: "dataset";
      readonly selector: DatasetSelector;
      readonly persons: number;
      readonly records: number;
    };

export interface DatasetSelector {
  readonly dataCategories: readonly string[];
  readonly source?: DataSource;
  readonly collectedIn?: CollectedIn;
  readonly collectedFrom?: string;
  readonly collectedUntil?: string;
}

/** The closed set of {@link PlatformName}. */
export const PLATFORM_NAMES = ["weixin", "tcmpp", "wecom", "feishu", "kuaishou"] as const;

export type PlatformName = (typeof PLATFORM_NAMES)[number];

/** Why the data had to go. `ground` is the item of PIPL article 47 paragraph 1, where the issuer has found which. */
export type ErasureTrigger =
  | {
      readonly kind: "subject-request";
      readonly requestId: string;
      readonly ground?: 1 | 2 | 3 | 4 | 5;
    }
  | { readonly kind: "platform-demand"; readonly platform: PlatformName; readonly number: string }
  | { readonly kind: "retention" }
  | { readonly kind: "contract-exit"; readonly platform: PlatformName };

/** What happened to one record in one store. */
export interface ErasedScope {
  readonly store: string;
  readonly kind: StoreKind;
  readonly record: string;
  readonly dataCategories: readonly string[];
  /** Digest of the selector's template, such as `order.member_id = {subjectId}`; never of a value. */
  readonly selectorDigest: string;
  /** `null`: the store cannot count. */
  readonly countBefore: number | null;
  /** Read back after the erasure; `null`: it could not be read. */
  readonly countAfter: number | null;
  readonly outcome: StepOutcome;
  readonly method: SanitizationMethod;
  /** How the method was carried out, e.g. `DELETE`. */
  readonly technique: string;
  readonly tool: string;
  readonly toolVersion: string;
  /** With `key-destroyed`: until when a copy of the key may still open the data. */
  readonly readableUntil?: string;
  /** With `key-destroyed`. */
  readonly cryptoErase?: CryptoErase;
  /** With `anonymized`: the certificate that measured it. Without one the scope counts as open. */
  readonly anonymizationCertificateId?: string;
  /** With `retained-by-law`: the law. */
  readonly retentionBasis?: CertificateText;
  readonly verification: ScopeVerification;
  readonly remnants: readonly Remnant[];
  /** With `retained-by-law`, `restricted`, `residual-until`: when that ends, if known. */
  readonly until?: string;
}

export type StoreKind =
  | "database"
  | "cache"
  | "index"
  | "object"
  | "file"
  | "log"
  | "backup"
  | "processor"
  | "client";

/** @see NIST SP 800-88r2 §3 */
export type SanitizationMethod =
  | "erase"
  | "overwrite"
  | "purge"
  | "crypto-erase"
  | "destroy"
  | "anonymize"
  | "none";

/** What is known of a destroyed key and its copies. @see NIST SP 800-88r2 §3.2 */
export interface CryptoErase {
  /** E.g. `AES-256-GCM`. */
  readonly algorithm: string;
  readonly keyBits: number;
  /** Where the key was kept. */
  readonly keyService: string;
  /** Digest of the key's random id, never of the key. */
  readonly keyIdDigest: string;
  readonly destroyedAt: string;
  /** Wrapped copies that were destroyed with it. */
  readonly wrappedCopies: number;
  /** Copies in backups of keys; `readableUntil` covers them. `null`: unknown, and then nothing is proven. */
  readonly backupsOfKey: number | null;
  readonly module?: { readonly name: string; readonly fips: boolean };
  /** Whether the data ever lay on the medium unencrypted; then destroying the key proves nothing. */
  readonly priorPlaintext: boolean;
}

/** Who looked, how, and what they saw. Unknown is not a pass. */
export interface ScopeVerification {
  readonly method: VerificationMethod;
  readonly verdict: "pass" | "fail" | "unknown";
  readonly at: string;
  /** The program or role that checked; never a person's name. */
  readonly by: string;
  /** Whether the reading path was seen to find what is there: a planted canary, or the rows themselves before the erasure. */
  readonly canary: boolean;
  /** How many keys and values were looked up; absent where nothing was. */
  readonly sampleSize?: number;
  /** Digest of the template of the reading query. */
  readonly queryDigest?: string;
}

/** `read-back`: looked for it over another path than the deleting one. */
export type VerificationMethod =
  | "read-back"
  | "key-state"
  | "measurement"
  | "acknowledgement"
  | "declaration"
  | "none";

/** Whether backups still hold the data, and until when. (Terms 4.10 ask for their deletion at exit.) */
export type BackupStatement =
  | { readonly policy: "none" }
  /** Nobody said: then nothing can be known to be gone for good. */
  | { readonly policy: "undeclared" }
  | {
      readonly policy: "rotation";
      readonly keepDays: number;
      /** When the newest backup that holds the data was made. */
      readonly lastContainingBackup: string;
      /** When the last of them is gone. */
      readonly expiresAt: string;
      /** Whether a restore repeats the erasures made since the backup. */
      readonly restoreGuard: boolean;
    };

/** What became of the data a processor may have been given. */
export type ProcessorStatement =
  | ({
      readonly name: CertificateText;
      readonly requestId: string;
      /** Digest of the acknowledgement received, which names no person. */
      readonly acknowledgementDigest?: string;
    } & (
      | { readonly confirmation: "confirmed"; readonly confirmedAt: string }
      | { readonly confirmation: "awaited" }
    ))
  /** The issuer has not told it to erase anything. */
  | { readonly name: CertificateText; readonly confirmation: "not-told" };

/** `completion`: an open point has ended. `correction`: the earlier certificate was wrong. */
export type SupersededReason = "completion" | "correction";

/** What the issuer states; the rest is derived. */
export type DeletionCertificateDraft = Omit<
  DeletionCertificate,
  "type" | "schemaVersion" | "issuedAt" | "residuals" | "claim" | "completesAt"
>;

/**
 * Writes a deletion certificate: claim, residuals and completion date follow from what was observed.
 *
 * @param now Time of issue, epoch milliseconds.
 * @throws RangeError when no scope is given, or one lacks what its outcome demands.
 */
export function deletionCertificate(
  draft: DeletionCertificateDraft,
  now: number,
): DeletionCertificate {
  const { scopes, backups, processors } = draft;
  if (scopes.length === 0) throw new RangeError("a deletion certificate needs a scope");
  const missing = scopes.flatMap(missingMembers);
  if (missing.length > 0) throw new RangeError(`a scope lacks ${missing.join(", ")}`);
  return {
    ...draft,
    type: "deletion-certificate",
    schemaVersion: "1",
    issuedAt: new Date(now).toISOString(),
    residuals: deriveResiduals(scopes, backups, now),
    ...deriveClaim(scopes, now, { backups, processors }),
  };
}

/** The members that a scope's outcome demands and the scope lacks. */
export function missingMembers(scope: ErasedScope): readonly string[] {
  const demanded: readonly (keyof ErasedScope)[] =
    scope.outcome === "key-destroyed"
      ? ["readableUntil", "cryptoErase"]
      : scope.outcome === "retained-by-law"
        ? ["retentionBasis"]
        : [];
  return demanded.filter((member) => scope[member] === undefined);
}
