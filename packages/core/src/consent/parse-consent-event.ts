import * as z from "zod/mini";
import { inputIssues } from "../errors/input-issues.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import { digestSchema as digest } from "../policy/party-schema.ts";
import { AGE_BANDS } from "./consent-age.ts";
import type { ConsentEvent, GuardianConsent, WrittenConsent } from "./consent-event.ts";
import { CONSENT_STATUSES, isPermitting } from "./consent-status.ts";
import { servedNoticeSchema } from "./notice-schema.ts";

/**
 * Reads one event of the log from decoded JSON. Whether it may follow the others is for `consentStatus`: an event
 * names no time that decides anything but the end of the consent.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` with the places that are wrong.
 */
export function parseConsentEvent(input: unknown): ConsentEvent {
  const result = eventSchema.safeParse(input);
  if (!result.success)
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(result.error.issues) });
  return result.data;
}

export const guardianSchema: z.ZodMiniType<GuardianConsent> = z.strictObject({
  relation: z.enum(["parent", "guardian"]),
  verification: z.enum(["identity-check", "signed-form", "payment", "message"]),
});

export const writtenSchema: z.ZodMiniType<WrittenConsent> = z.strictObject({
  documentDigest: digest,
  method: z.enum(["handwritten", "electronic-signature"]),
});

export const evidenceSchema: z.ZodMiniType<string> = z
  .string()
  .check(z.minLength(1), z.maxLength(4000));

const id = z.string().check(z.minLength(1), z.maxLength(256));
const eventSchema: z.ZodMiniType<ConsentEvent> = z
  .strictObject({
    type: z.literal("consent"),
    schemaVersion: z.literal("1"),
    recordId: id,
    decisionId: id,
    subjectRef: id,
    purpose: id,
    status: z.enum(CONSENT_STATUSES),
    recordedAt: z.iso.datetime(),
    claimedAt: z.iso.datetime({ offset: true }),
    submissionDigest: digest,
    device: z.exactOptional(id),
    counter: z.int().check(z.minimum(0)),
    policy: z.strictObject({ id: z.string(), version: z.string(), digest }),
    purposeDigest: digest,
    notice: z.exactOptional(servedNoticeSchema),
    validUntil: z.exactOptional(z.iso.datetime()),
    ageBand: z.exactOptional(z.enum(AGE_BANDS)),
    guardian: z.exactOptional(guardianSchema),
    written: z.exactOptional(writtenSchema),
    signal: z.exactOptional(z.literal("gpc")),
    platformAgreement: z.exactOptional(z.literal("same-act")),
    evidence: z.exactOptional(evidenceSchema),
    origin: z.exactOptional(z.strictObject({ recordId: id })),
  })
  .check(
    z.refine((event) => event.signal === undefined || event.status === "refused", {
      path: ["signal"],
    }),
    z.refine((event) => event.platformAgreement === undefined || isPermitting(event.status), {
      path: ["platformAgreement"],
    }),
    z.refine((event) => event.status !== "legacy" || event.validUntil !== undefined, {
      path: ["validUntil"],
    }),
    z.refine((event) => event.status !== "legacy" || event.evidence !== undefined, {
      path: ["evidence"],
    }),
  );
