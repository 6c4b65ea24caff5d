import { sha256Hex } from "../bytes/digest.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import type { Policy } from "./policy.ts";
import { bindingTerms } from "./purpose-terms.ts";

/**
 * The policy's fingerprint: SHA-256 over its RFC 8785 JSON, lower-case hex.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` when the policy holds anything that is not JSON.
 */
export function policyDigest(policy: Policy): string {
  return sha256Hex(canonicalJson(policy));
}

/**
 * The fingerprint of what a consent to one purpose rests on: two policies give the same exactly when `diffPolicies`
 * asks nobody again, in either direction.
 *
 * A policy that only takes something away has another fingerprint and yet asks nobody: see `standingDigests`.
 *
 * @throws RangeError when the policy has no such purpose.
 */
export function purposeDigest(policy: Policy, purpose: string): string {
  return sha256Hex(canonicalJson(bindingTerms(policy, purpose)));
}
