import { describe, expect, it } from "vitest";
import {
  certificateDraft,
  daysLater,
  erasedScope,
  ISSUED,
  keyDestroyedScope,
} from "./certificate.fixture.ts";
import { deletionCertificate, type ErasedScope } from "./deletion-certificate.ts";

describe("deletionCertificate", () => {
  it("adds type, version, time, claim and residuals to what was observed", () => {
    const draft = certificateDraft();
    expect(deletionCertificate(draft, ISSUED)).toEqual({
      ...draft,
      type: "deletion-certificate",
      schemaVersion: "1",
      issuedAt: "2026-03-01T12:00:00.000Z",
      residuals: [],
      claim: "deleted",
    });
  });

  it("derives claim and residuals even when a caller sets them", () => {
    const draft = {
      ...certificateDraft({ scopes: [erasedScope({ outcome: "failed", countAfter: 2 })] }),
      claim: "deleted" as const,
    };
    expect(deletionCertificate(draft, ISSUED).claim).toBe("partial");
  });

  it("PIPL-47: what cannot be erased yet is listed with reason and end, and only stored and secured", () => {
    const retentionBasis = { "zh-CN": "会计法", en: "Accounting Act" };
    const certificate = deletionCertificate(
      certificateDraft({
        scopes: [
          erasedScope(),
          erasedScope({
            record: "invoice",
            outcome: "retained-by-law",
            retentionBasis,
            until: daysLater(3650),
          }),
          erasedScope({ record: "parcel", outcome: "restricted" }),
          erasedScope({
            record: "session",
            remnants: [
              { where: "aof", until: daysLater(1) },
              { where: "rdb", until: daysLater(-1) },
            ],
          }),
          { ...keyDestroyedScope({}, daysLater(2)), record: "note" },
          erasedScope({
            store: "tapes",
            kind: "backup",
            outcome: "residual-until",
            until: daysLater(3),
          }),
        ],
        backups: {
          policy: "rotation",
          keepDays: 30,
          lastContainingBackup: daysLater(-1),
          expiresAt: daysLater(29),
          restoreGuard: true,
        },
      }),
      ISSUED,
    );
    const processingLimitedTo = "storage-and-security";
    expect(certificate.residuals).toEqual([
      {
        store: "shop-db",
        record: "invoice",
        reason: "statutory-retention",
        until: daysLater(3650),
        retentionBasis,
        processingLimitedTo,
      },
      { store: "shop-db", record: "parcel", reason: "erasure-postponed", processingLimitedTo },
      {
        store: "shop-db",
        record: "session",
        reason: "technical",
        until: daysLater(1),
        processingLimitedTo,
      },
      {
        store: "shop-db",
        record: "note",
        reason: "technical",
        until: daysLater(2),
        processingLimitedTo,
      },
      {
        store: "tapes",
        record: "order",
        reason: "backup-cycle",
        until: daysLater(3),
        processingLimitedTo,
      },
      {
        store: "backups",
        record: "*",
        reason: "backup-cycle",
        until: daysLater(29),
        processingLimitedTo,
      },
    ]);
    expect(certificate.claim).toBe("partial");
  });

  it("refuses to be written without a scope, or of a scope that lacks what its outcome demands", () => {
    const { cryptoErase: _key, ...keyless } = keyDestroyedScope();
    const faulty: readonly (readonly ErasedScope[])[] = [
      [],
      [keyless],
      [erasedScope({ outcome: "retained-by-law" })],
    ];
    for (const scopes of faulty)
      expect(() => deletionCertificate(certificateDraft({ scopes }), ISSUED)).toThrow(RangeError);
  });
});
