import type { CategoryDefinition, Policy } from "./policy.ts";
import { type PolicyFinding, policyError, policyWarning } from "./policy-finding.ts";
import type { PurposeContext } from "./purpose-context.ts";

/**
 * What the rules for WeCom service providers ask beside the law. Taking a customer's phone number may have a reason,
 * which the policy cannot tell: a warning. Taking it to talk to the customer elsewhere has none: an error.
 */
export function checkWecom(
  { platforms, categories }: Policy,
  purposes: readonly PurposeContext[],
): readonly PolicyFinding[] {
  if (platforms?.wecom === undefined) return [];
  const contacts = Object.entries(categories)
    .filter(([id, category]) => isContact(id, category))
    .map(([id]) => id);
  return [
    // Requirement WC-3.13a: no design sets out to obtain customers' phone numbers or other private data.
    ...contacts.map((id) => policyWarning("contact-on-wecom", `categories.${id}`, ["WC-3.13a"])),
    ...purposes
      .filter(({ purpose }) => purpose.use === "outside-program")
      .filter(({ purpose }) => purpose.categories.some((id) => contacts.includes(id)))
      .map(({ path }) => policyError("contact-outside-wecom", `${path}.use`, ["WC-3.13a"])),
  ];
}

/** By what the category says of itself, or else by its id. */
function isContact(id: string, { weixinPrivacyKey, sensitive }: CategoryDefinition): boolean {
  return (
    weixinPrivacyKey === "PhoneNumber" ||
    weixinPrivacyKey === "Email" ||
    sensitive?.startsWith("private.") === true ||
    /phone|mobile|e-?mail/i.test(id)
  );
}
