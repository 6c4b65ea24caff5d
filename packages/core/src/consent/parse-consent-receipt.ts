import * as z from "zod/mini";
import { PrivacyError } from "../errors/privacy-error.ts";
import { inputIssues } from "../errors/input-issues.ts";
import { digestSchema as digest } from "../policy/party-schema.ts";
import type { ConsentReceipt } from "./consent-receipt.ts";
import { CONSENT_STATUSES } from "./consent-status.ts";
import { servedNoticeSchema } from "./notice-schema.ts";
import {
  controlsSchema,
  partyRoleSchema,
  partySchema,
  purposeSchema,
  termsSchema,
} from "./terms-schema.ts";

/**
 * Reads a receipt from decoded JSON.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` for an unknown version, a missing or an unknown member.
 */
export function parseConsentReceipt(input: unknown): ConsentReceipt {
  const result = receipt.safeParse(input);
  if (!result.success)
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(result.error.issues) });
  return result.data as ConsentReceipt;
}

const receipt = z.strictObject({
  type: z.literal("consent-receipt"),
  schemaVersion: z.literal("1"),
  receiptId: z.string(),
  recordId: z.string(),
  issuedAt: z.iso.datetime(),
  issuer: z.strictObject({ ...partySchema, role: partyRoleSchema, keyThumbprint: z.string() }),
  status: z.enum(CONSENT_STATUSES),
  decidedAt: z.iso.datetime(),
  ...termsSchema,
  purpose: z.strictObject({ ...purposeSchema, digest }),
  policy: z.strictObject({ id: z.string(), version: z.string(), digest }),
  notice: z.optional(servedNoticeSchema),
  ...controlsSchema,
  leafDigest: digest,
  checkpoint: z.optional(z.string()),
});
