import * as z from "zod/mini";
import { PrivacyError } from "../errors/privacy-error.ts";
import { inputIssues } from "../errors/input-issues.ts";
import {
  contactSchema as contact,
  digestSchema as digest,
  localizedSchema as localized,
} from "../policy/party-schema.ts";
import type { ConsentReceipt } from "./consent-receipt.ts";

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

const party = { name: localized, country: z.string(), contact };
const role = z.enum(["controller", "processor"]);
const receipt = z.strictObject({
  type: z.literal("consent-receipt"),
  schemaVersion: z.literal("1"),
  receiptId: z.string(),
  recordId: z.string(),
  issuedAt: z.iso.datetime(),
  issuer: z.strictObject({ ...party, role, keyThumbprint: z.string() }),
  controller: z.strictObject(party),
  jurisdiction: z.string(),
  status: z.enum([
    "unknown",
    "requested",
    "deferred",
    "given",
    "renewed",
    "refused",
    "withdrawn",
    "expired",
    "revoked",
    "invalidated",
    "legacy",
  ]),
  decidedAt: z.iso.datetime(),
  purpose: z.strictObject({
    id: z.string(),
    label: localized,
    text: localized,
    necessity: z.enum(["necessary", "optional"]),
    use: z.enum(["service", "marketing", "sharing", "transfer", "outside-program"]),
    digest,
  }),
  legalBasis: z.enum(["consent", "contract", "legal-duty", "entrusted"]),
  consentKind: z.enum(["explicit", "separate", "written", "guardian"]),
  dataCategories: z.array(
    z.strictObject({ id: z.string(), label: localized, sensitive: z.optional(z.string()) }),
  ),
  processingMethods: z.array(
    z.enum(["collect", "store", "use", "transmit", "provide", "publish", "erase"]),
  ),
  storageLocations: z.array(z.string()),
  recipients: z.array(z.strictObject({ id: z.string(), role, ...party })),
  retention: z.optional(
    z.strictObject({ days: z.number(), from: z.string(), then: z.enum(["erase", "anonymize"]) }),
  ),
  policy: z.strictObject({ id: z.string(), version: z.string(), digest }),
  notice: z.optional(
    z.strictObject({
      language: z.enum(["zh-CN", "en"]),
      textDigest: digest,
      servedAt: z.iso.datetime(),
    }),
  ),
  withdrawal: z.strictObject({ method: z.literal("api"), path: z.string() }),
  rights: z.array(
    z.strictObject({
      right: z.enum(["access", "copy", "rectify", "erase", "withdraw"]),
      path: z.string(),
    }),
  ),
  leafDigest: digest,
  checkpoint: z.optional(z.string()),
});
