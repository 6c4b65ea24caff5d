import {
  checkPolicy,
  checkPolicyLock,
  diffPolicies,
  type Policy,
  type PolicyLock,
} from "@miniprivacy/core/policy";

/** One line a finding; a build fails on a line that starts with `error`. */
export function releaseFindings(policy: Policy, lock: PolicyLock): readonly string[] {
  return [...checkPolicy(policy), ...checkPolicyLock(policy, lock)].map(
    ({ severity, code, path, obligations }) =>
      `${severity} ${code} at ${path} (${obligations.join(", ")})`,
  );
}

/** What the users of the published version must be asked again, or told. */
export function releaseNotes(published: Policy, next: Policy): readonly string[] {
  return diffPolicies(published, next).map(
    ({ effect, kind, path, purposes }) => `${effect}: ${path} ${kind}, for ${purposes.join(", ")}`,
  );
}
