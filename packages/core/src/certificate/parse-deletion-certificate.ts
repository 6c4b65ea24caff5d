import * as z from "zod/mini";
import { PrivacyError } from "../errors/privacy-error.ts";
import { inputIssues } from "../errors/input-issues.ts";
import {
  contactSchema as contact,
  digestSchema as digest,
  localizedSchema as localized,
} from "../policy/party-schema.ts";
import { COLLECTED_IN } from "../policy/policy.ts";
import {
  type DeletionCertificate,
  missingMembers,
  PLATFORM_NAMES,
} from "./deletion-certificate.ts";

const text = z.string().check(z.minLength(1), z.maxLength(300));
const moment = z.iso.datetime();
const count = z.int().check(z.minimum(0));
const platform = z.enum(PLATFORM_NAMES);

const issuer = z.strictObject({
  name: localized,
  role: z.enum(["controller", "processor"]),
  contact,
  controller: z.exactOptional(z.strictObject({ name: localized, contact })),
  keyThumbprint: z.string().check(z.regex(/^[\w-]{43}$/)),
});

const about = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("subject"), subjectCommitment: digest }),
  z.strictObject({
    kind: z.literal("dataset"),
    selector: z.strictObject({
      dataCategories: z.array(text).check(z.minLength(1)),
      source: z.exactOptional(z.enum(["subject", "platform"])),
      collectedIn: z.exactOptional(z.enum(COLLECTED_IN)),
      collectedFrom: z.exactOptional(moment),
      collectedUntil: z.exactOptional(moment),
    }),
    persons: count,
    records: count,
  }),
]);

const trigger = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("subject-request"),
    requestId: text,
    ground: z.exactOptional(z.literal([1, 2, 3, 4, 5])),
  }),
  z.strictObject({ kind: z.literal("platform-demand"), platform, number: text }),
  z.strictObject({ kind: z.literal("retention") }),
  z.strictObject({ kind: z.literal("contract-exit"), platform }),
]);

const cryptoErase = z.strictObject({
  algorithm: text,
  keyBits: count,
  keyService: text,
  keyIdDigest: digest,
  destroyedAt: moment,
  wrappedCopies: count,
  backupsOfKey: z.nullable(count),
  module: z.exactOptional(z.strictObject({ name: text, fips: z.boolean() })),
  priorPlaintext: z.boolean(),
});

const verification = z.strictObject({
  method: z.enum([
    "read-back",
    "key-state",
    "measurement",
    "acknowledgement",
    "declaration",
    "none",
  ]),
  verdict: z.enum(["pass", "fail", "unknown"]),
  at: moment,
  by: text,
  canary: z.boolean(),
  sampleSize: z.exactOptional(count),
  queryDigest: z.exactOptional(digest),
});

const scope = z
  .strictObject({
    store: text,
    kind: z.enum([
      "database",
      "cache",
      "index",
      "object",
      "file",
      "log",
      "backup",
      "processor",
      "client",
    ]),
    record: text,
    dataCategories: z.array(text),
    selectorDigest: digest,
    countBefore: z.nullable(count),
    countAfter: z.nullable(count),
    outcome: z.enum([
      "verified-absent",
      "not-found",
      "accepted-by-store",
      "key-destroyed",
      "anonymized",
      "retained-by-law",
      "restricted",
      "residual-until",
      "failed",
    ]),
    method: z.enum(["erase", "overwrite", "purge", "crypto-erase", "destroy", "anonymize", "none"]),
    technique: text,
    tool: text,
    toolVersion: text,
    readableUntil: z.exactOptional(moment),
    cryptoErase: z.exactOptional(cryptoErase),
    anonymizationCertificateId: z.exactOptional(text),
    retentionBasis: z.exactOptional(localized),
    verification,
    remnants: z.array(z.strictObject({ where: text, until: moment })),
    until: z.exactOptional(moment),
  })
  .check(z.refine((value) => missingMembers(value).length === 0));

const residual = z.strictObject({
  store: text,
  record: text,
  reason: z.enum(["statutory-retention", "erasure-postponed", "technical", "backup-cycle"]),
  until: z.exactOptional(moment),
  retentionBasis: z.exactOptional(localized),
  processingLimitedTo: z.literal("storage-and-security"),
});

const backups = z.discriminatedUnion("policy", [
  z.strictObject({ policy: z.literal("none") }),
  z.strictObject({ policy: z.literal("undeclared") }),
  z.strictObject({
    policy: z.literal("rotation"),
    keepDays: count,
    lastContainingBackup: moment,
    expiresAt: moment,
    restoreGuard: z.boolean(),
  }),
]);

const erasureOrder = {
  name: localized,
  requestId: text,
  acknowledgementDigest: z.exactOptional(digest),
};
const processor = z.discriminatedUnion("confirmation", [
  z.strictObject({ ...erasureOrder, confirmation: z.literal("confirmed"), confirmedAt: moment }),
  z.strictObject({ ...erasureOrder, confirmation: z.literal("awaited") }),
  z.strictObject({ name: localized, confirmation: z.literal("not-told") }),
]);

const certificate = z
  .strictObject({
    type: z.literal("deletion-certificate"),
    schemaVersion: z.literal("1"),
    certificateId: text,
    issuedAt: moment,
    issuer,
    about,
    trigger,
    scopes: z.array(scope).check(z.minLength(1), z.maxLength(10_000)),
    residuals: z.array(residual),
    backups,
    processors: z.array(processor),
    claim: z.enum(["deleted", "unreadable", "anonymized", "partial"]),
    completesAt: z.exactOptional(moment),
    supersedes: z.exactOptional(text),
    supersededReason: z.exactOptional(z.enum(["completion", "correction"])),
    checkpoint: z.exactOptional(z.string().check(z.maxLength(8192))),
  })
  .check(
    z.refine(
      ({ supersedes, supersededReason }) =>
        (supersedes === undefined) === (supersededReason === undefined),
    ),
  );

/**
 * Reads a deletion certificate from decoded JSON. Says nothing yet of its truth: see `verifyCertificate`.
 *
 * @throws PrivacyError `ERR_CERTIFICATE_MALFORMED` for an unknown version, a missing or an unknown member; its issues
 *   name members of the form, never values.
 */
export function parseDeletionCertificate(input: unknown): DeletionCertificate {
  const result = certificate.safeParse(input);
  if (result.success) return result.data;
  throw new PrivacyError("ERR_CERTIFICATE_MALFORMED", { issues: inputIssues(result.error.issues) });
}
