import { checkPurpose } from "./check-purpose.ts";
import { checkReferences } from "./check-references.ts";
import { checkSdks } from "./check-sdks.ts";
import { checkTcmpp } from "./check-tcmpp.ts";
import { checkDays } from "./check-days.ts";
import { checkTexts } from "./check-texts.ts";
import { checkWecom } from "./check-wecom.ts";
import { checkWeixin } from "./check-weixin.ts";
import type { Policy } from "./policy.ts";
import { type PolicyFinding, policyError } from "./policy-finding.ts";
import { purposeContexts } from "./purpose-context.ts";

/**
 * Finds what makes a policy unlawful or impossible to run. An empty list is no legal opinion.
 *
 * @returns Findings, broken references first: while there are any, the rules about content are not tried.
 */
export function checkPolicy(policy: Policy): readonly PolicyFinding[] {
  const broken = checkReferences(policy);
  if (broken.length > 0) return broken;
  const purposes = purposeContexts(policy);
  return [
    ...checkTexts(policy),
    ...checkUnused(policy),
    ...checkKept(policy),
    ...checkSdks(policy),
    ...purposes.flatMap(checkPurpose),
    ...checkWeixin(policy, purposes),
    ...checkTcmpp(policy),
    ...checkWecom(policy, purposes),
  ];
}

function checkUnused({ categories, purposes }: Policy): readonly PolicyFinding[] {
  const used = new Set(Object.values(purposes).flatMap((purpose) => purpose.categories));
  // Requirement WX-4.4.4a, PIPL-6: nothing is collected that no function needs.
  return Object.keys(categories)
    .filter((id) => !used.has(id))
    .map((id) => policyError("category-unused", `categories.${id}`, ["WX-4.4.4a", "PIPL-6"]));
}

/** Periods that stand beside those of the purposes. */
function checkKept({ holds = {}, evidence }: Policy): readonly PolicyFinding[] {
  return [
    ...Object.entries(holds).flatMap(([id, { days }]) => checkDays(days, `holds.${id}.days`)),
    ...(evidence ? checkDays(evidence.keepDays, "evidence.keepDays") : []),
  ];
}
