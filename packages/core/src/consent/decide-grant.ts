import type { ConsentKind, Policy, PurposeDefinition } from "../policy/policy.ts";
import { type AgeBand, guardianAge, mayBeBelow } from "./consent-age.ts";
import type { GuardianConsent, WrittenConsent } from "./consent-event.ts";
import { isOptOutPurpose } from "./opt-out.ts";

/** What comes with a grant, as far as a rule asks for it. */
export interface ConsentGrant {
  /** The purposes of the notice that was shown. */
  readonly noticePurposes: readonly string[];
  readonly ageBand?: AgeBand;
  readonly guardian?: GuardianConsent;
  readonly written?: WrittenConsent;
  /** The browser says so by Global Privacy Control (no). */
  readonly optedOut?: boolean;
}

/** Why a grant is not accepted: the first rule that said no. */
export type GrantRefusal =
  | "purpose-unknown"
  | "separate-notice-missing"
  | "written-form-missing"
  | "age-unknown"
  | "guardian-missing"
  | "below-minimum-age"
  | "opted-out";

/** Whether a grant counts; if not, why, and by which clauses. */
export type GrantDecision =
  | { readonly accepted: true }
  | {
      readonly accepted: false;
      readonly reason: GrantRefusal;
      readonly obligations: readonly string[];
    };

/**
 * Decides whether a subject's yes is a consent in the form its purpose asks for. One grant is for one purpose; a no
 * is never put to this test.
 *
 * @see PIPL-14, PIPL-29, PIPL-31, REG-22, WX-4.4.3, TC-D6.1
 */
export function decideGrant(policy: Policy, purpose: string, grant: ConsentGrant): GrantDecision {
  // Requirement WX-4.4.2b: nobody consents to what the published policy does not say.
  if (!Object.hasOwn(policy.purposes, purpose)) return refuse("purpose-unknown");
  const definition = policy.purposes[purpose]!;
  const { consentKind = "explicit" } = definition;
  // Requirement PIPL-44: who has objected to marketing and sharing beforehand is not asked for them.
  if (grant.optedOut === true && isOptOutPurpose(definition)) return refuse("opted-out");
  const age = refusalByAge(policy, consentKind, grant);
  if (age !== undefined) return refuse(age);
  const alone = grant.noticePurposes.every((shown) => shown === purpose);
  // Requirement PIPL-29: separate consent rests on a notice of this one thing.
  if (isSeparate(policy, definition) && !(alone && grant.noticePurposes.length > 0))
    return refuse("separate-notice-missing");
  // Requirement PIPL-14: where a law asks for written form, a click is none.
  if (consentKind === "written" && grant.written === undefined)
    return refuse("written-form-missing");
  return { accepted: true };
}

function refusalByAge(
  policy: Policy,
  consentKind: ConsentKind,
  { ageBand, guardian }: ConsentGrant,
): GrantRefusal | undefined {
  const age = guardianAge(policy.controller.country);
  const below = ageBand !== undefined && mayBeBelow(ageBand, age);
  const tcmpp = policy.platforms?.tcmpp;
  // Requirement TC-D6.1: a user below the age of consent is refused on this platform, whoever consents.
  if (tcmpp !== undefined && below) return "below-minimum-age";
  // Requirement TC-D6.1: the age is asked where the host does not state it.
  if (tcmpp?.minimumAge === "ask" && ageBand === undefined) return "age-unknown";
  const minors = policy.audience?.minors === "possible";
  // Requirement PIPL-31: where children may be among the subjects, the age band is asked; an ordinary shop asks nobody.
  if (minors && ageBand === undefined) return "age-unknown";
  const childs = (minors && below) || (consentKind === "guardian" && (below || !ageBand));
  // Requirement PIPL-31: below the age a parent or guardian consents.
  if (childs && guardian === undefined) return "guardian-missing";
  return undefined;
}

/** By the policy's word, or because the law or the platform asks for it whatever the policy says. */
function isSeparate(policy: Policy, purpose: PurposeDefinition): boolean {
  const { consentKind = "explicit", use = "service", categories } = purpose;
  return (
    consentKind !== "explicit" ||
    use === "marketing" ||
    use === "sharing" ||
    use === "transfer" ||
    categories.some((id) => policy.categories[id]?.sensitive !== undefined)
  );
}

const OBLIGATIONS: { readonly [Reason in GrantRefusal]: readonly string[] } = {
  "purpose-unknown": ["WX-4.4.2b", "PIPL-14"],
  "separate-notice-missing": ["PIPL-29", "REG-22"],
  "written-form-missing": ["PIPL-14", "PIPL-29"],
  "age-unknown": ["PIPL-31", "TC-D6.1"],
  "guardian-missing": ["PIPL-31"],
  "below-minimum-age": ["TC-D6.1"],
  "opted-out": ["PIPL-44"],
};

function refuse(reason: GrantRefusal): GrantDecision {
  return { accepted: false, reason, obligations: OBLIGATIONS[reason] };
}
