import type { AgeBand } from "../consent/consent-age.ts";
import { guardianAge, mayBeBelow } from "../consent/consent-age.ts";
import type { RequestKind } from "./subject-request.ts";

/** Who asks, for whose data. What proves it is kept by whoever checked it; `evidence` says where. */
export type Requester =
  | { readonly role: "self" }
  | { readonly role: "guardian"; readonly evidence: string }
  | { readonly role: "agent"; readonly mandate: Mandate }
  /** Of somebody who has died, for an interest of her own. @see PIPL-49 */
  | { readonly role: "relative"; readonly evidence: string; readonly interest: string };

/** What somebody lets another ask for in her name. */
export interface Mandate {
  readonly evidence: string;
  readonly kinds: readonly RequestKind[];
  /** Epoch milliseconds up to which it holds. */
  readonly until: number;
}

export interface RequestedOf {
  readonly kind: RequestKind;
  /** ISO 3166-1 alpha-2 of the country whose law governs. */
  readonly jurisdiction: string;
  /** How old the subject says to be, if she was asked. */
  readonly ageBand?: AgeBand;
  /** Whether she is known to have died, and did not rule this out in her lifetime. */
  readonly deceased?: "open" | "ruled-out";
  /** Epoch milliseconds. */
  readonly now: number;
}

export type RequesterCheck =
  | { readonly permitted: true }
  | {
      readonly permitted: false;
      readonly reason:
        | "evidence-missing"
        | "subject-of-age"
        | "subject-alive"
        | "ruled-out"
        | "mandate-expired"
        | "not-mandated"
        | "not-a-relatives-right";
    };

/** What relatives may ask for. @see PIPL-49 */
const RELATIVES_RIGHTS: readonly RequestKind[] = ["access", "copy", "rectify", "erase"];

/** Whether somebody may ask for this in a subject's place. */
export function checkRequester(requester: Requester, of: RequestedOf): RequesterCheck {
  const reason = refusal(requester, of);
  return reason === undefined ? { permitted: true } : { permitted: false, reason };
}

type Reason = Extract<RequesterCheck, { readonly permitted: false }>["reason"];

function refusal(requester: Requester, of: RequestedOf): Reason | undefined {
  switch (requester.role) {
    case "self":
      return undefined;
    case "guardian":
      if (isBlank(requester.evidence)) return "evidence-missing";
      return mayBeMinor(of) ? undefined : "subject-of-age";
    case "agent":
      return agentRefusal(requester.mandate, of);
    case "relative":
      return relativeRefusal(requester, of);
  }
}

/** Somebody whose age is not known may be a minor: what a guardian shows decides. */
function mayBeMinor({ ageBand, jurisdiction }: RequestedOf): boolean {
  return ageBand === undefined || mayBeBelow(ageBand, guardianAge(jurisdiction));
}

function agentRefusal({ evidence, kinds, until }: Mandate, of: RequestedOf): Reason | undefined {
  if (isBlank(evidence)) return "evidence-missing";
  // A time that is none is past.
  if (!(of.now <= until)) return "mandate-expired";
  return kinds.includes(of.kind) ? undefined : "not-mandated";
}

function relativeRefusal(
  { evidence, interest }: Extract<Requester, { readonly role: "relative" }>,
  { kind, deceased }: RequestedOf,
): Reason | undefined {
  if (deceased === undefined) return "subject-alive";
  if (deceased === "ruled-out") return "ruled-out";
  if (isBlank(evidence) || isBlank(interest)) return "evidence-missing";
  return RELATIVES_RIGHTS.includes(kind) ? undefined : "not-a-relatives-right";
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
