import type { Contact, LocalizedText, Policy } from "./policy.ts";
import { type PolicyFinding, policyError } from "./policy-finding.ts";

/** Texts a subject must be able to read, in every language, and parties she must be able to reach. */
export function checkTexts(policy: Policy): readonly PolicyFinding[] {
  const parties = [
    { path: "controller", ...policy.controller },
    ...(policy.processor ? [{ path: "processor", ...policy.processor }] : []),
    ...Object.entries(policy.recipients).map(([id, recipient]) => ({
      path: `recipients.${id}`,
      ...recipient,
    })),
  ];
  const texts = [
    ...parties.map(({ path, name }) => ({ path: `${path}.name`, text: name })),
    ...Object.entries(policy.categories).map(([id, { label }]) => ({
      path: `categories.${id}.label`,
      text: label,
    })),
    ...Object.entries(policy.purposes).flatMap(([id, { label, text, sensitiveNotice }]) => [
      { path: `purposes.${id}.label`, text: label },
      { path: `purposes.${id}.text`, text },
      ...(sensitiveNotice
        ? [
            { path: `purposes.${id}.sensitiveNotice.necessity`, text: sensitiveNotice.necessity },
            { path: `purposes.${id}.sensitiveNotice.impact`, text: sensitiveNotice.impact },
          ]
        : []),
    ]),
    ...Object.entries(policy.sdks ?? {}).map(([id, { name }]) => ({
      path: `sdks.${id}.name`,
      text: name,
    })),
    ...Object.entries(policy.holds ?? {}).map(([id, { law }]) => ({
      path: `holds.${id}.law`,
      text: law,
    })),
    ...(policy.evidence ? [{ path: "evidence.basis", text: policy.evidence.basis }] : []),
  ];
  return [
    ...(policy.languages.length === 0 ? [finding("text-missing", "languages")] : []),
    // Requirement WX-4.4.2a: the policy says clearly what is collected, how it is used and with whom it is shared.
    ...texts.flatMap(({ path, text }) => missingLanguages(policy, path, text)),
    // Requirement PIPL-17: the notice names who handles the data and how to reach them.
    ...parties
      .filter(({ contact }) => !isReachable(contact))
      .map(({ path }) => finding("contact-missing", `${path}.contact`)),
  ];
}

function missingLanguages(
  { languages }: Policy,
  path: string,
  text: Partial<LocalizedText>,
): readonly PolicyFinding[] {
  return languages
    .filter((language) => (text[language] ?? "").trim() === "")
    .map((language) => finding("text-missing", `${path}.${language}`));
}

/** Whether any way of contact is given. */
export function isReachable(contact: Contact): boolean {
  return Object.values(contact).some((way) => typeof way === "string" && way.trim() !== "");
}

function finding(code: "text-missing" | "contact-missing", path: string): PolicyFinding {
  return policyError(code, path, ["WX-4.4.2a", "PIPL-17"]);
}
