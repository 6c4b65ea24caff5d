import { type ConsentStatus, isPermitting } from "../consent/consent-status.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import type { Policy, PurposeDefinition } from "../policy/policy.ts";
import {
  type AccessDecision,
  type AccessDenialReason,
  type AccessPermit,
  denyAccess,
} from "./access-decision.ts";
import { observeDenial } from "./observe-denial.ts";
import type { AccessFacts, PlatformAuthorization } from "./access-facts.ts";

export interface AccessQuery {
  readonly purpose: string;
  /** Categories asked for; may be empty when a record's visible fields are all plain. */
  readonly categories: readonly string[];
  /** Recipient id, when the data leaves for someone else. */
  readonly recipient?: string;
}

/**
 * Decides whether data of the given categories may be used for a purpose.
 *
 * Pure: reads no clock and no store. What is not known denies.
 *
 * @param now Epoch milliseconds, on the clock of `facts.freshUntil`.
 * @returns The permit with its ground, or the first reason that denied.
 * @see WX-4.4.4a, WX-4.4.3, WX-4.6, PIPL-6, PIPL-13
 */
export function decideAccess(
  policy: Policy,
  query: AccessQuery,
  facts: AccessFacts,
  now: number,
): AccessDecision {
  const decision = decideStrictly(policy, query, facts, now);
  return decision.permitted ? decision : observeDenial(decision, facts, now);
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

function decideStrictly(
  policy: Policy,
  query: AccessQuery,
  facts: AccessFacts,
  now: number,
): AccessDecision {
  const purpose = Object.hasOwn(policy.purposes, query.purpose)
    ? policy.purposes[query.purpose]
    : undefined;
  if (purpose === undefined) return denyAccess("purpose-unknown");
  // Requirement WX-4.4.4a: data is used only within the purpose it was given for.
  if (!query.categories.every((category) => purpose.categories.includes(category))) {
    return denyAccess("category-not-in-purpose");
  }
  if (query.recipient !== undefined && !purpose.recipients?.includes(query.recipient)) {
    return denyAccess("recipient-not-listed");
  }
  if (!(now < facts.freshUntil)) return denyAccess("facts-too-old");
  // Requirement PIPL-44, PIPL-47: restricted data is only stored, and used where a law says so.
  if (facts.restricted && purpose.basis !== "legal-duty") return denyAccess("subject-restricted");
  const ground = groundOf(query.purpose, purpose, facts);
  if (!ground.permitted) return ground;
  // Requirement WX-4.6: marketing with data from the mini-program needs the platform's written consent as well.
  const authorization = neededAuthorization(policy, purpose);
  if (authorization !== undefined && !facts.authorizations.has(authorization)) {
    return denyAccess("platform-authorization-missing");
  }
  return ground;
}

function groundOf(id: string, purpose: PurposeDefinition, facts: AccessFacts): AccessDecision {
  if (purpose.basis !== "consent") return { permitted: true, ground: purpose.basis, reference: id };
  const state = facts.consents.get(id) ?? { status: "unknown" as const };
  // Requirement WX-4.4.3, WX-4.4.4d, TC-D6.4a: only an explicit consent opens the data; unknown and a withdrawal deny.
  if (!isPermitting(state.status)) return denyAccess(consentReason(state.status));
  return { permitted: true, ground: "consent", consentId: state.recordId ?? "" };
}

function consentReason(
  status: Exclude<ConsentStatus, "given" | "renewed" | "legacy">,
): AccessDenialReason {
  switch (status) {
    case "unknown":
    case "requested":
    case "deferred":
      return "consent-missing";
    case "refused":
      return "consent-refused";
    case "withdrawn":
    case "revoked":
      return "consent-withdrawn";
    case "expired":
      return "consent-expired";
    case "invalidated":
      return "consent-for-older-notice";
    default:
      return status satisfies never;
  }
}

function neededAuthorization(
  policy: Policy,
  purpose: PurposeDefinition,
): PlatformAuthorization | undefined {
  if (policy.platforms?.weixin === undefined) return undefined;
  switch (purpose.use) {
    case "marketing":
    case "sharing":
    case "transfer":
      return purpose.use;
    default:
      return undefined;
  }
}
