import type { ConsentStatus } from "../consent/consent-status.ts";
import {
  type AccessDecision,
  type AccessDenial,
  type AccessDenialReason,
  denyAccess,
} from "./access-decision.ts";
import type { AccessFacts, ConsentStanding } from "./access-facts.ts";
import { type AuthorizedUse, isAuthorized } from "./platform-authorization.ts";
import { closingOrder, type OrderScope } from "./platform-order.ts";
import type { AccessUse } from "./access-query.ts";
import type { PurposeRule } from "./purpose-rule.ts";

/**
 * Decides a use of a purpose's own categories, retention aside. What binds each of them is looked up where a rule asks
 * for it, which is seldom.
 *
 * @param now Epoch milliseconds, on the clock of `facts.freshUntil`.
 */
export function decideUse(
  rule: PurposeRule,
  use: AccessUse,
  facts: AccessFacts,
  now: number,
): AccessDecision {
  const { recipient } = use;
  // Requirement WX-4.4.4b, WX-4.5c, WX-4.9a, WX-4.9c, WC-3.8c: data goes to nobody the purpose does not name.
  if (recipient !== undefined && !rule.recipients.has(recipient))
    return denyAccess("recipient-not-listed");
  const closed = denySubject(rule, use, facts, now);
  if (closed !== undefined) return closed;
  const ground = rule.ground ?? consentGround(rule, facts.consents.get(rule.id), now);
  if (!ground.permitted || !needsPlatform(rule, use)) return ground;
  return denyByPlatform(rule, use, facts, now) ?? denyAbroad(rule, use, facts, now) ?? ground;
}

/** Whether the platform, or the law on data abroad, has a say in it at all. */
function needsPlatform(
  { asksPlatform }: PurposeRule,
  { recipient, abroad, provenance }: AccessUse,
): boolean {
  return asksPlatform || provenance !== undefined || recipient !== undefined || abroad === true;
}

/**
 * Denies when retention is over, even before a sweep has erased the data. Without a start there is no end yet; a law that
 * keeps all of the categories keeps them for its own purposes.
 *
 * @param start When retention of the row at hand began, epoch milliseconds (the subject's latest moment of that event).
 */
export function retentionEnd(
  rule: PurposeRule,
  use: AccessUse,
  facts: AccessFacts,
  now: number,
  start?: number,
): AccessDenial | undefined {
  const { retention } = rule;
  if (retention === undefined) return undefined;
  const known =
    retention.from === "consent-given"
      ? facts.consents.get(rule.id)?.since
      : facts.anchors.get(retention.from);
  const from = start === undefined || (known !== undefined && !(known < start)) ? known : start;
  // Requirement PIPL-19: a start that cannot be read counts as long ago.
  if (from === undefined || now < from + retention.lasts) return undefined;
  return isHeld(rule, use, facts, now) ? undefined : denyAccess("retention-over");
}

function denySubject(
  rule: PurposeRule,
  use: AccessUse,
  facts: AccessFacts,
  now: number,
): AccessDenial | undefined {
  const { tenant } = use;
  if (!(now < facts.freshUntil)) return denyAccess("facts-too-old");
  // Requirement WC-3.8b: what one tenant was entrusted with is no other's.
  if (tenant !== undefined && tenant !== facts.tenant) return denyAccess("tenant-mismatch");
  if (facts.erased && !isHeld(rule, use, facts, now)) return denyAccess("subject-erased");
  if (rule.basis === "legal-duty") return undefined;
  // Requirement PIPL-44, PIPL-47: restricted data is only stored, and used where a law says so.
  if (facts.restricted) return denyAccess("subject-restricted");
  if (facts.orders.length === 0) return undefined;
  // Requirement WX-4.7a, WX-4.10b: what the platform has ordered to stop stops, save where a law compels the use.
  const order = closingOrder(facts.orders, rule.id, rule.usesOf(use));
  return order && denyAccess("platform-order-in-force", orderObligations(order.closes));
}

function orderObligations(closes: OrderScope): readonly string[] {
  return closes === "tenant" ? ["WX-4.7a", "WX-4.10b"] : ["WX-4.7a"];
}

/** Whether a law keeps every category of the use, for the purposes of the law alone (PIPL-47). */
function isHeld(
  { basis }: PurposeRule,
  { categories }: AccessUse,
  { heldUntil }: AccessFacts,
  now: number,
): boolean {
  return (
    basis === "legal-duty" &&
    categories.length > 0 &&
    categories.every((category) => now < (heldUntil.get(category) ?? Number.NaN))
  );
}

function consentGround(
  rule: PurposeRule,
  consent: ConsentStanding | undefined,
  now: number,
): AccessDecision {
  // Requirement WX-4.4.3, WX-4.4.4d, WX-4.5b, TC-D6.4a: only an explicit consent opens the data; unknown and a withdrawal deny.
  if (consent?.permit === undefined) return denyAccess(consentReason(consent?.status ?? "unknown"));
  // Requirement PIPL-14: nobody is held to a consent past its end.
  if (!(now < consent.until)) return denyAccess("consent-expired");
  return formDenial(rule, consent) ?? consent.permit;
}

/** A consent in a lesser form than its purpose asks for is none. */
function formDenial(
  { consentKind }: PurposeRule,
  { kind }: ConsentStanding,
): AccessDenial | undefined {
  if (kind === undefined || kind === consentKind || consentKind === "explicit") return undefined;
  // Requirement PIPL-31: for a child a parent or guardian consents.
  if (consentKind === "guardian") return denyAccess("guardian-consent-missing");
  // Requirement PIPL-29: separate or written consent is given for this one thing, in that form.
  return consentKind === "written" || kind === "explicit"
    ? denyAccess("separate-consent-missing")
    : undefined;
}

function consentReason(status: ConsentStatus): AccessDenialReason {
  switch (status) {
    case "refused":
      return "consent-refused";
    case "withdrawn":
    case "revoked":
      return "consent-withdrawn";
    case "expired":
      return "consent-expired";
    case "invalidated":
      return "consent-for-older-notice";
    case "unknown":
    case "requested":
    case "deferred":
    // One of these comes with a permit; without it nothing was consented to.
    case "given":
    case "renewed":
    case "legacy":
      return "consent-missing";
    default:
      return status satisfies never;
  }
}

/** The second key: what the platform must have said beside the subject's consent. */
function denyByPlatform(
  rule: PurposeRule,
  use: AccessUse,
  facts: AccessFacts,
  now: number,
): AccessDenial | undefined {
  const { recipient } = use;
  const { authorizedUse } = rule;
  if (lacks(rule, use, "instruction", "uninstructed", facts, now))
    return denyAccess("platform-authorization-missing");
  // Requirement WX-4.6, WX-4.9c: marketing, sharing and transfer need the platform's written consent as well.
  if (authorizedUse !== undefined && lacks(rule, use, authorizedUse, "bound", facts, now))
    return denyAccess("platform-authorization-missing", USE_OBLIGATIONS[authorizedUse]);
  // Requirement WX-4.4.9b: what the platform provides goes to any other person only with its written consent.
  if (
    recipient !== undefined &&
    rule.recipients.get(recipient)?.role === "controller" &&
    lacks(rule, use, "sharing", "provided", facts, now)
  )
    return denyAccess("platform-authorization-missing", USE_OBLIGATIONS.sharing);
  return undefined;
}

/** Whether the platform has not said a thing of one of the categories that are bound so; of none at all, if there is none. */
function lacks(
  rule: PurposeRule,
  use: AccessUse,
  said: AuthorizedUse | "instruction",
  bound: "provided" | "bound" | "uninstructed",
  { authorizations }: AccessFacts,
  now: number,
): boolean {
  const { recipient } = use;
  const uses = rule.usesOf(use);
  if (uses.length === 0)
    return (
      bound === "bound" && !isAuthorized(authorizations, said, rule.id, undefined, recipient, now)
    );
  return uses.some(
    ({ category, [bound]: isBound }) =>
      isBound && !isAuthorized(authorizations, said, rule.id, category, recipient, now),
  );
}

const USE_OBLIGATIONS: { readonly [Use in AuthorizedUse]: readonly string[] } = {
  marketing: ["WX-4.6"],
  sharing: ["WX-4.4.9b", "WX-4.5c", "WX-4.9c"],
  transfer: ["WX-4.4.9a", "WX-4.9c"],
};

function denyAbroad(
  rule: PurposeRule,
  use: AccessUse,
  facts: AccessFacts,
  now: number,
): AccessDenial | undefined {
  const { recipient, abroad } = use;
  const seat = recipient !== undefined && rule.recipients.get(recipient)?.abroad === true;
  if (!seat && abroad !== true) return undefined;
  // Requirement WX-4.4.9c, PIPL-38, PIPL-39: whatever the platform says, data leaves the country only where the subject was told so.
  if (!seat && !rule.toldAbroad) return denyAccess("transfer-abroad-not-authorized");
  // Requirement WX-4.4.9a: what the platform provides goes abroad only with its prior written consent.
  return lacks(rule, use, "transfer", "provided", facts, now)
    ? denyAccess("transfer-abroad-not-authorized", USE_OBLIGATIONS.transfer)
    : undefined;
}
