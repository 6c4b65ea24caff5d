import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysLater, erasedScope, ISSUED, keyDestroyedScope } from "./certificate.fixture.ts";
import { claimFulfils, deriveClaim } from "./claim.ts";
import type { ErasedScope, ProcessorStatement } from "./deletion-certificate.ts";

const absent = erasedScope();
const unreadable = keyDestroyedScope();
const anonymized = erasedScope({
  outcome: "anonymized",
  method: "anonymize",
  anonymizationCertificateId: "anonymization-1",
});
const retained = erasedScope({
  outcome: "retained-by-law",
  retentionBasis: { en: "Accounting Act" },
  until: daysLater(3650),
});
const { verification } = absent;
const notFound = erasedScope({
  outcome: "not-found",
  countBefore: 0,
  verification: { ...verification, canary: false },
});
const claimOf = (...scopes: ErasedScope[]): string => deriveClaim(scopes, ISSUED).claim;

const open: { readonly [name: string]: ErasedScope } = {
  "accepted-by-store": erasedScope({ outcome: "accepted-by-store" }),
  failed: erasedScope({ outcome: "failed", countAfter: 1 }),
  "retained-by-law": retained,
  restricted: erasedScope({ outcome: "restricted" }),
  "residual-until, even past its end": erasedScope({
    outcome: "residual-until",
    until: daysLater(-1),
  }),
  "absent by an unknown verdict": erasedScope({
    verification: { ...verification, verdict: "unknown" },
  }),
  "absent without a canary": erasedScope({ verification: { ...verification, canary: false } }),
  "absent by declaration": erasedScope({
    verification: { ...verification, method: "declaration" },
  }),
  "absent but counted": erasedScope({ countAfter: 1 }),
  "not found but uncounted": erasedScope({ outcome: "not-found", countAfter: null }),
  "absent with a remnant": erasedScope({ remnants: [{ where: "wal", until: daysLater(7) }] }),
  "anonymized without a certificate": erasedScope({ outcome: "anonymized" }),
  "key readable for a day": keyDestroyedScope({}, daysLater(1)),
  "key with unknown copies": keyDestroyedScope({ backupsOfKey: null }),
  "short key": keyDestroyedScope({ keyBits: 112 }),
  "data that lay in plaintext before": keyDestroyedScope({ priorPlaintext: true }),
  "key destroyed later": keyDestroyedScope({ destroyedAt: daysLater(1) }),
};

describe("deriveClaim", () => {
  it("WX-4.7b: data counts as deleted, unreadable or anonymized only when that is proven", () => {
    expect(claimOf(absent, notFound)).toBe("deleted");
    expect(claimOf(unreadable)).toBe("unreadable");
    expect(claimOf(anonymized)).toBe("anonymized");
    expect(claimOf(erasedScope({ remnants: [{ where: "wal", until: daysLater(0) }] }))).toBe(
      "deleted",
    );
  });

  it.each(Object.entries(open))("is partial for %s", (_name, scope) => {
    expect(claimOf(absent, scope, absent)).toBe("partial");
  });

  it("lets the weakest scope decide", () => {
    expect(claimOf(absent, unreadable)).toBe("unreadable");
    expect(claimOf(unreadable, anonymized, absent)).toBe("anonymized");
    expect(claimOf()).toBe("partial");
  });

  it("never gets stronger by another scope, nor depends on their order", () => {
    const strength = ["partial", "anonymized", "unreadable", "deleted"];
    const anyScope = fc.constantFrom(
      absent,
      notFound,
      unreadable,
      anonymized,
      ...Object.values(open),
    );
    fc.assert(
      fc.property(fc.array(anyScope, { minLength: 1 }), anyScope, (scopes, scope) => {
        const more = deriveClaim([...scopes, scope], ISSUED);
        expect(strength.indexOf(more.claim)).toBeLessThanOrEqual(
          strength.indexOf(claimOf(...scopes)),
        );
        expect(deriveClaim([scope, ...scopes.toReversed()], ISSUED)).toEqual(more);
      }),
    );
  });

  it("names the latest end when every open point has one", () => {
    const wal = erasedScope({
      remnants: [
        { where: "wal", until: daysLater(7) },
        { where: "binlog", until: daysLater(9) },
      ],
    });
    const key = keyDestroyedScope({}, daysLater(8));
    expect(deriveClaim([wal, key, absent], ISSUED)).toEqual({
      claim: "partial",
      completesAt: daysLater(9),
    });
    expect(deriveClaim([retained, wal], ISSUED)).toEqual({
      claim: "partial",
      completesAt: daysLater(3650),
    });
  });

  it("names no end when waiting will not close every point", () => {
    const wal = erasedScope({ remnants: [{ where: "wal", until: daysLater(7) }] });
    const unchecked = { ...wal, verification: { ...verification, canary: false } };
    const escrowed = keyDestroyedScope({ backupsOfKey: null }, daysLater(1));
    const overdue = erasedScope({ outcome: "residual-until", until: daysLater(-1) });
    for (const scope of [open["failed"]!, open["restricted"]!, unchecked, escrowed, overdue]) {
      expect(deriveClaim([wal, scope], ISSUED)).toEqual({ claim: "partial" });
    }
  });

  it("counts a backup that still holds the data, until it expires", () => {
    const backups = {
      policy: "rotation",
      keepDays: 30,
      lastContainingBackup: daysLater(-1),
      restoreGuard: true,
    } as const;
    expect(deriveClaim([absent], ISSUED, { backups: { policy: "undeclared" } })).toEqual({
      claim: "partial",
    });
    const held = { backups: { ...backups, expiresAt: daysLater(29) } };
    expect(deriveClaim([absent], ISSUED, held)).toEqual({
      claim: "partial",
      completesAt: daysLater(29),
    });
    expect(
      deriveClaim([absent], ISSUED, { backups: { ...backups, expiresAt: daysLater(0) } }),
    ).toEqual({
      claim: "deleted",
    });
  });

  it("counts a processor that has not confirmed", () => {
    const order = { name: { en: "Courier" }, requestId: "order-1" };
    const awaited: ProcessorStatement = { ...order, confirmation: "awaited" };
    const confirmed: ProcessorStatement = {
      ...order,
      confirmation: "confirmed",
      confirmedAt: daysLater(0),
    };
    expect(deriveClaim([absent], ISSUED, { processors: [confirmed, awaited] })).toEqual({
      claim: "partial",
    });
    const notTold: ProcessorStatement = { name: order.name, confirmation: "not-told" };
    expect(deriveClaim([absent], ISSUED, { processors: [confirmed, notTold] })).toEqual({
      claim: "partial",
    });
    expect(deriveClaim([absent], ISSUED, { processors: [confirmed] })).toEqual({
      claim: "deleted",
    });
  });
});

describe("claimFulfils", () => {
  it("WX-4.4.7c: a destroyed key fulfils a demand of the platform, never the request of a person", () => {
    expect(claimFulfils("unreadable", "platform-demand")).toBe(true);
    expect(claimFulfils("unreadable", "subject-request")).toBe(false);
    expect(claimFulfils("deleted", "subject-request")).toBe(true);
  });

  it("takes partial for nothing, and anonymized for all but leaving a platform", () => {
    for (const trigger of [
      "subject-request",
      "platform-demand",
      "retention",
      "contract-exit",
    ] as const) {
      expect(claimFulfils("partial", trigger)).toBe(false);
      expect(claimFulfils("anonymized", trigger)).toBe(trigger !== "contract-exit");
    }
  });
});
