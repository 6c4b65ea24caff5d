import { asksAgain } from "./diff-policies.ts";
import type { Policy } from "./policy.ts";
import { purposeDigest } from "./policy-digest.ts";

/**
 * The purpose digests under which a consent still counts: today's, and those of earlier versions since which nothing
 * was added to what the consent rests on. A consent is never wider than its own version.
 *
 * @param earlier Versions that consents may have been given under, in any order; one without the purpose adds nothing.
 * @throws RangeError when the policy has no such purpose.
 * @see PIPL-14, REG-22
 */
export function standingDigests(
  policy: Policy,
  purpose: string,
  earlier: readonly Policy[],
): readonly string[] {
  const standing = earlier.filter(
    (version) => Object.hasOwn(version.purposes, purpose) && !asksAgain(version, policy, purpose),
  );
  return [...new Set([policy, ...standing].map((version) => purposeDigest(version, purpose)))];
}
