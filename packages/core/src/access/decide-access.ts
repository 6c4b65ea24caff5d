import { PrivacyError } from "../errors/privacy-error.ts";
import type { Policy } from "../policy/policy.ts";
import { type AccessDecision, type AccessPermit, denyAccess } from "./access-decision.ts";
import type { AccessFacts } from "./access-facts.ts";
import type { AccessQuery } from "./access-query.ts";
import { decideUse, retentionEnd } from "./decide-use.ts";
import { observeDenial } from "./observe-denial.ts";
import { accessRules, covers } from "./purpose-rule.ts";

/**
 * Decides whether data of the given categories may be used for a purpose.
 *
 * Pure: reads no clock and no store. What is not known denies.
 *
 * @param now Epoch milliseconds, on the clock of `facts.freshUntil`.
 * @returns The permit with its ground, or the first reason that denied.
 * @see WX-4.4.4a, WX-4.4.4b, WX-4.4.3, WX-4.4.5a, WX-4.4.9a, WX-4.4.9b, WX-4.6, WX-4.7a, PIPL-6, PIPL-13
 */
export function decideAccess(
  policy: Policy,
  query: AccessQuery,
  facts: AccessFacts,
  now: number,
): AccessDecision {
  const { purposes, categories } = accessRules(policy);
  const rule = purposes.get(query.purpose);
  if (rule === undefined) return denyAccess("purpose-unknown");
  const asked = query.categories;
  // An iterator would make of this more code than what else there is, and V8 would inline less of it.
  for (let i = 0; i < asked.length; i++) {
    const declared = categories.get(asked[i]!);
    // Requirement WX-4.4.4a, WX-4.4.4b: data is used only within the purpose it was given for.
    if (declared === undefined || !covers(rule, declared))
      return denyAccess("category-not-in-purpose");
  }
  const decision = decideUse(rule, query, facts, now);
  if (!decision.permitted) return observeDenial(decision, facts, now);
  const over = retentionEnd(rule, query, facts, now);
  return over === undefined ? decision : observeDenial(over, facts, now);
}

/**
 * Like {@link decideAccess}, for code that cannot go on without.
 *
 * @throws PrivacyError `ERR_ACCESS_DENIED`; its detail is the reason.
 */
export function requireAccess(
  policy: Policy,
  query: AccessQuery,
  facts: AccessFacts,
  now: number,
): AccessPermit {
  const decision = decideAccess(policy, query, facts, now);
  if (!decision.permitted) throw new PrivacyError("ERR_ACCESS_DENIED", { detail: decision.reason });
  return decision;
}
