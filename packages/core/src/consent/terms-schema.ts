import * as z from "zod/mini";
import { contactSchema as contact, localizedSchema as localized } from "../policy/party-schema.ts";
import type { ConsentTerms, ReceiptParty } from "./consent-terms.ts";

/** A schema for each of the members, none left out. */
type Shape<Name extends string> = { readonly [Each in Name]: z.ZodMiniType };

/** A named, reachable party. */
export const partySchema: Shape<keyof ReceiptParty> = {
  name: localized,
  country: z.string(),
  contact,
};

export const partyRoleSchema: z.ZodMiniType<"controller" | "processor"> = z.enum([
  "controller",
  "processor",
]);

/** A purpose's part of receipts and records, without the digest that each adds. */
export const purposeSchema: Shape<keyof ConsentTerms["purpose"]> = {
  id: z.string(),
  label: localized,
  text: localized,
  necessity: z.enum(["necessary", "optional"]),
  use: z.enum(["service", "marketing", "sharing", "transfer", "outside-program"]),
};

const id = z.string();

/** What the policy says, apart from the purpose itself. */
export const termsSchema: Shape<keyof Omit<ConsentTerms, "purpose">> = {
  controller: z.strictObject(partySchema),
  jurisdiction: z.string(),
  legalBasis: z.enum(["consent", "contract", "legal-duty", "entrusted"]),
  consentKind: z.enum(["explicit", "separate", "written", "guardian"]),
  dataCategories: z.array(
    z.strictObject({ id, label: localized, sensitive: z.exactOptional(z.string()) }),
  ),
  sensitiveNotice: z.exactOptional(z.strictObject({ necessity: localized, impact: localized })),
  processingMethods: z.array(
    z.enum(["collect", "store", "use", "transmit", "provide", "publish", "erase"]),
  ),
  storageLocations: z.array(z.string()),
  recipients: z.array(
    z.strictObject({
      id,
      role: partyRoleSchema,
      ...partySchema,
      categories: z.exactOptional(z.array(z.string())),
    }),
  ),
  retention: z.exactOptional(
    z.strictObject({ days: z.number(), from: z.string(), then: z.enum(["erase", "anonymize"]) }),
  ),
  weixin: z.exactOptional(z.strictObject({ appId: z.string(), privacyKeys: z.array(z.string()) })),
};

/** Where a subject withdraws, and exercises the other rights. */
export const controlsSchema: Shape<"withdrawal" | "rights"> = {
  withdrawal: z.strictObject({ method: z.literal("api"), path: z.string() }),
  rights: z.array(
    z.strictObject({
      right: z.enum(["access", "copy", "rectify", "erase", "withdraw"]),
      path: z.string(),
    }),
  ),
};
