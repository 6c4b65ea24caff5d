import type { CategoryDefinition, Policy } from "./policy.ts";
import { type PolicyFinding, policyError, policyWarning } from "./policy-finding.ts";

/** What the data processing terms of the Tencent Cloud Mini Program Platform ask beside the law. */
export function checkTcmpp(policy: Policy): readonly PolicyFinding[] {
  const tcmpp = policy.platforms?.tcmpp;
  if (tcmpp === undefined) return [];
  const categories = Object.entries(policy.categories);
  return [
    // Requirement TC-D6.2a: no sensitive data goes through the platform.
    ...categories
      .filter(([, { sensitive }]) => sensitive !== undefined)
      .map(([id]) => policyError("sensitive-data-on-tcmpp", `categories.${id}`, ["TC-D6.2a"])),
    ...(tcmpp.guard === "block"
      ? []
      : [policyWarning("guard-not-blocking", "platforms.tcmpp.guard", ["TC-D6.2a"])]),
    // Requirement TC-D6.1: users are of the age of consent.
    ...(policy.audience?.minors === "possible"
      ? [policyError("minors-on-tcmpp", "audience.minors", ["TC-D6.1"])]
      : []),
    // Requirement TC-D2a: what the platform itself takes of an end user is told; that it must be is derived from its terms.
    ...(tcmpp.sdk === undefined
      ? [policyWarning("tcmpp-undisclosed", "platforms.tcmpp.sdk", ["TC-D2a"])]
      : []),
    // Requirement TC-D2b: an exact position that no necessary purpose needs is not asked for; an approximate one is there.
    ...categories
      .filter(([id, category]) => isExactPosition(category) && !isNecessary(policy, id))
      .map(([id]) => policyWarning("exact-position-unneeded", `categories.${id}`, ["TC-D2b"])),
  ];
}

function isExactPosition({ sensitive, weixinPrivacyKey, precision }: CategoryDefinition): boolean {
  const position =
    precision !== undefined ||
    weixinPrivacyKey === "Location" ||
    sensitive === "location.precise-point" ||
    sensitive === "location.trajectory" ||
    sensitive === "location.vehicle-trajectory";
  return position && precision !== "approximate";
}

function isNecessary({ purposes }: Policy, category: string): boolean {
  return Object.values(purposes).some(
    ({ categories, necessity }) => necessity === "necessary" && categories.includes(category),
  );
}
