import { describe, expect, it } from "vitest";
import type { PrivacyError } from "../errors/privacy-error.ts";
import {
  certificateDraft,
  daysLater,
  erasedScope,
  ISSUED,
  keyDestroyedScope,
} from "./certificate.fixture.ts";
import { type DeletionCertificate, deletionCertificate } from "./deletion-certificate.ts";
import { parseDeletionCertificate } from "./parse-deletion-certificate.ts";

const plain = deletionCertificate(certificateDraft(), ISSUED);
const full = deletionCertificate(
  certificateDraft({
    issuer: {
      ...plain.issuer,
      role: "processor",
      controller: { name: { en: "Tenant" }, contact: { phone: "010" } },
    },
    about: {
      kind: "dataset",
      selector: {
        dataCategories: ["phone"],
        source: "platform",
        collectedFrom: daysLater(-9),
        collectedUntil: daysLater(-1),
      },
      persons: 3,
      records: 7,
    },
    trigger: { kind: "platform-demand", platform: "weixin", number: "TX-2026-17" },
    scopes: [
      keyDestroyedScope({ module: { name: "HSM", fips: true } }, daysLater(2)),
      erasedScope({
        outcome: "retained-by-law",
        retentionBasis: { en: "Law" },
        remnants: [{ where: "wal", until: daysLater(1) }],
      }),
    ],
    backups: {
      policy: "rotation",
      keepDays: 7,
      lastContainingBackup: daysLater(-1),
      expiresAt: daysLater(6),
      restoreGuard: true,
    },
    processors: [
      {
        name: { en: "Courier" },
        requestId: "order-1",
        confirmation: "confirmed",
        confirmedAt: daysLater(0),
      },
    ],
    supersedes: "certificate-0",
    supersededReason: "correction",
    checkpoint: "log.example\n1\n",
  }),
  ISSUED,
);
const OPTIONAL = [
  "issuer.controller",
  "issuer.name.en",
  "issuer.name.zh-CN",
  "about.selector.source",
  "about.selector.collectedFrom",
  "about.selector.collectedUntil",
  "completesAt",
  "checkpoint",
  "scopes.*.cryptoErase.module",
  "scopes.*.verification.sampleSize",
  "scopes.*.verification.queryDigest",
  "residuals.*.until",
  "residuals.*.retentionBasis",
];

describe("parseDeletionCertificate", () => {
  it("reads back what was written", () => {
    const trigger = { kind: "subject-request", requestId: "request-1" } as const;
    const groundless = deletionCertificate(certificateDraft({ trigger }), ISSUED);
    for (const certificate of [plain, full, groundless])
      expect(parseDeletionCertificate(JSON.parse(JSON.stringify(certificate)))).toEqual(
        certificate,
      );
  });

  it("refuses every certificate that lacks a required member", () => {
    const paths = memberPaths(full);
    expect(paths.length).toBeGreaterThan(80);
    for (const path of paths) {
      const required = !OPTIONAL.includes(path.replace(/\.\d+\./, ".*."));
      expect([path, isRefused(edited(full, path, remove))]).toEqual([path, required]);
    }
  });

  it("refuses a member it does not know, at every depth, so that no value can ride along", () => {
    const objects = [
      "",
      ...memberPaths(full).filter(
        (path) => typeof at(full, path) === "object" && !Array.isArray(at(full, path)),
      ),
    ];
    const add = (parent: Members, name: string): void =>
      void ((parent[name] as Members)["phoneNumber"] = "13800138000");
    for (const path of objects) {
      const changed =
        path === "" ? { ...full, phoneNumber: "13800138000" } : edited(full, path, add);
      expect([path, isRefused(changed)]).toEqual([path, true]);
    }
  });

  it.each([
    ["an unknown version", { schemaVersion: "2" }],
    ["another type", { type: "anonymization-certificate" }],
    ["no scope", { scopes: [] }],
    ["a moment with an offset", { issuedAt: "2026-03-01T12:00:00+08:00" }],
    ["a reason without what it supersedes", { supersededReason: "completion" }],
    ["an undefined member", { checkpoint: undefined }],
    ["a nameless issuer", { issuer: { ...plain.issuer, name: {} } }],
    ["a bare subject id", { about: { kind: "subject", subjectCommitment: "member-17" } }],
    ["PIPL ground 6", { trigger: { kind: "subject-request", requestId: "request-1", ground: 6 } }],
  ])("refuses %s", (_name, changes) => {
    expect(isRefused({ ...plain, ...changes })).toBe(true);
  });

  it("tells where the fault is and never what was written there", () => {
    const error = refusal({
      ...plain,
      certificateId: 42,
      issuer: { ...plain.issuer, name: { "13800138000": "x" } },
    });
    expect(error?.issues.map(({ schemaPath }) => schemaPath)).toEqual(
      expect.arrayContaining(["certificateId", "issuer.name"]),
    );
    expect(JSON.stringify(error) + error?.message).not.toMatch(/13800138000|42/);
  });
});

type Members = { [name: string]: unknown };

function isRefused(input: unknown): boolean {
  return refusal(input)?.code === "ERR_CERTIFICATE_MALFORMED";
}

function refusal(input: unknown): PrivacyError | undefined {
  try {
    parseDeletionCertificate(input);
    return undefined;
  } catch (error) {
    return error as PrivacyError;
  }
}

function memberPaths(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const own = Array.isArray(value) ? [] : [path];
    return [...own, ...memberPaths(member, path)];
  });
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce((parent, name) => (parent as Members)[name], value);
}

function remove(parent: Members, name: string): void {
  delete parent[name];
}

function edited(
  certificate: DeletionCertificate,
  path: string,
  edit: (parent: Members, name: string) => void,
): unknown {
  const copy: unknown = structuredClone(certificate);
  const names = path.split(".");
  edit(
    names.slice(0, -1).reduce((parent, name) => parent[name] as Members, copy as Members),
    names.at(-1)!,
  );
  return copy;
}
