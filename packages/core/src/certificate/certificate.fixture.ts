import type { CryptoErase, DeletionCertificateDraft, ErasedScope } from "./deletion-certificate.ts";

/** When the certificates of the tests are issued. */
export const ISSUED: number = Date.UTC(2026, 2, 1, 12);

/** A moment so many days after the issue. */
export function daysLater(days: number): string {
  return new Date(ISSUED + days * 86_400_000).toISOString();
}

const DIGEST = "ab".repeat(32);

export function erasedScope(changes: Partial<ErasedScope> = {}): ErasedScope {
  return {
    store: "shop-db",
    kind: "database",
    record: "order",
    dataCategories: ["phone", "address"],
    selectorDigest: DIGEST,
    countBefore: 2,
    countAfter: 0,
    outcome: "verified-absent",
    method: "erase",
    technique: "DELETE",
    tool: "postgresql-connector",
    toolVersion: "0.1.0",
    verification: {
      method: "read-back",
      verdict: "pass",
      at: daysLater(0),
      by: "miniprivacy 0.1.0",
      canary: true,
      sampleSize: 2,
      queryDigest: DIGEST,
    },
    remnants: [],
    ...changes,
  };
}

const cryptoErase: CryptoErase = {
  algorithm: "AES-256-GCM",
  keyBits: 256,
  keyService: "vault",
  keyIdDigest: DIGEST,
  destroyedAt: daysLater(-2),
  wrappedCopies: 1,
  backupsOfKey: 1,
  priorPlaintext: false,
};

export function keyDestroyedScope(
  changes: Partial<CryptoErase> = {},
  readableUntil: string = daysLater(-1),
): ErasedScope {
  const { verification } = erasedScope();
  return erasedScope({
    outcome: "key-destroyed",
    method: "crypto-erase",
    countAfter: 2,
    verification: {
      ...verification,
      method: "key-state",
      verdict: readableUntil > daysLater(0) ? "unknown" : "pass",
    },
    readableUntil,
    cryptoErase: { ...cryptoErase, ...changes },
  });
}

export function certificateDraft(
  changes: Partial<DeletionCertificateDraft> = {},
): DeletionCertificateDraft {
  return {
    certificateId: "certificate-1",
    issuer: {
      name: { "zh-CN": "街角小店", en: "Corner Shop" },
      role: "controller",
      contact: { email: "privacy@shop.example" },
      keyThumbprint: "A".repeat(43),
    },
    about: { kind: "subject", subjectCommitment: DIGEST },
    trigger: { kind: "subject-request", requestId: "request-1", ground: 3 },
    scopes: [
      erasedScope(),
      erasedScope({ record: "address-book", outcome: "not-found", countBefore: 0 }),
    ],
    backups: { policy: "none" },
    processors: [],
    ...changes,
  };
}
