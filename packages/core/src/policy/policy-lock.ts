import type { Policy } from "./policy.ts";
import { policyDigest, purposeDigest } from "./policy-digest.ts";
import { type PolicyFinding, policyError, policyWarning } from "./policy-finding.ts";

/** A version of a policy as it was published: kept beside the policy, so that it cannot change unseen. */
export interface PolicyLock {
  readonly id: string;
  readonly version: string;
  /** {@link policyDigest} of the published version. */
  readonly digest: string;
  /** {@link purposeDigest} of each of its purposes. */
  readonly purposes: { readonly [id: string]: string };
}

/** @throws PrivacyError `ERR_INPUT_INVALID` when the policy holds anything that is not JSON. */
export function policyLock(policy: Policy): PolicyLock {
  return {
    id: policy.id,
    version: policy.version,
    digest: policyDigest(policy),
    purposes: Object.fromEntries(
      Object.keys(policy.purposes).map((id) => [id, purposeDigest(policy, id)]),
    ),
  };
}

/**
 * Compares a policy with the lock of the version published last.
 *
 * @returns Nothing when the policy is the one that was locked. An error when it has changed under the same version, or
 * is another policy; a warning when its version was raised and the lock must be written anew; and a warning for each
 * purpose whose consents do not count any more unless `standingDigests` says so.
 * @throws PrivacyError `ERR_INPUT_INVALID` when the policy holds anything that is not JSON.
 */
export function checkPolicyLock(policy: Policy, lock: PolicyLock): readonly PolicyFinding[] {
  if (policy.id !== lock.id) return [policyError("lock-of-another-policy", "id", [])];
  const now = policyLock(policy);
  if (now.digest === lock.digest) return [];
  return [
    // Requirement PIPL-17: a changed notice is told, which takes a version of its own.
    now.version === lock.version
      ? policyError("version-not-raised", "version", ["PIPL-17"])
      : policyWarning("lock-outdated", "version", ["PIPL-17"]),
    // Requirement PIPL-14: what a consent rests on has changed.
    ...Object.entries(now.purposes)
      .filter(([id, digest]) => Object.hasOwn(lock.purposes, id) && lock.purposes[id] !== digest)
      .map(([id]) => policyWarning("consent-outdated", `purposes.${id}`, ["PIPL-14"])),
  ];
}
