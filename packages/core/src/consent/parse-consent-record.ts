import * as z from "zod/mini";
import { inputIssues } from "../errors/input-issues.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import { digestSchema as digest } from "../policy/party-schema.ts";
import { AGE_BANDS } from "./consent-age.ts";
import type { ConsentRecord } from "./consent-record.ts";
import { CONSENT_STATUSES } from "./consent-status.ts";
import { servedNoticeSchema, surfaceSchema } from "./notice-schema.ts";
import { evidenceSchema, guardianSchema, writtenSchema } from "./parse-consent-event.ts";
import { controlsSchema, purposeSchema, termsSchema } from "./terms-schema.ts";

/**
 * Reads a record from decoded JSON.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` for an unknown version, a missing or an unknown member.
 */
export function parseConsentRecord(input: unknown): ConsentRecord {
  const result = record.safeParse(input);
  if (!result.success)
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(result.error.issues) });
  return result.data as ConsentRecord;
}

const status = z.enum(CONSENT_STATUSES);
const moment = z.iso.datetime();
const claimed = z.iso.datetime({ offset: true });
const record = z.strictObject({
  type: z.literal("consent-record"),
  schemaVersion: z.literal("1"),
  recordId: z.string(),
  subjectRef: z.string(),
  subjectAgeBand: z.enum([...AGE_BANDS, "unknown"]),
  guardian: z.exactOptional(guardianSchema),
  written: z.exactOptional(writtenSchema),
  notice: z.exactOptional(servedNoticeSchema),
  noticePath: z.exactOptional(z.string()),
  policy: z.strictObject({ id: z.string(), version: z.string(), digest }),
  ...termsSchema,
  purpose: z.strictObject({ ...purposeSchema, digest }),
  status,
  validity: z.strictObject({ from: moment, until: z.exactOptional(moment) }),
  evidence: z.strictObject({
    surface: z.exactOptional(surfaceSchema),
    action: status,
    actionAt: claimed,
    decisionId: z.string(),
    submissionDigest: digest,
    legacy: z.exactOptional(evidenceSchema),
  }),
  events: z
    .array(
      z.strictObject({
        decisionId: z.string(),
        status,
        recordedAt: moment,
        claimedAt: claimed,
        entity: z.enum(["subject", "guardian", "controller"]),
        policyVersion: z.string(),
        purposeDigest: digest,
        changeReason: z.exactOptional(z.literal("terms-changed")),
        notice: z.exactOptional(servedNoticeSchema),
        validUntil: z.exactOptional(moment),
        signal: z.exactOptional(z.literal("gpc")),
        platformAgreement: z.exactOptional(z.literal("same-act")),
      }),
    )
    .check(z.minLength(1)),
  ...controlsSchema,
  supersedes: z.exactOptional(z.array(z.string())),
  lastRefusedAt: z.exactOptional(moment),
  reaskNotBefore: z.exactOptional(moment),
});
