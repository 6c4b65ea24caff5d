import type { Policy } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";

type Versions = Pick<Runtime, "policy" | "earlierPolicies">;

/** The newest version of the policy that has a purpose; undefined when none ever had it. */
export function versionWithPurpose(
  { policy, earlierPolicies }: Versions,
  purpose: string,
): Policy | undefined {
  return [policy, ...earlierPolicies].find(({ purposes }) => Object.hasOwn(purposes, purpose));
}

/** The policy as it is, with a purpose that it has dropped and an earlier version has; undefined when none ever had it. */
export function policyWithPurpose(versions: Versions, purpose: string): Policy | undefined {
  const { policy } = versions;
  const version = versionWithPurpose(versions, purpose);
  if (version === undefined || version === policy) return version;
  return {
    ...policy,
    purposes: { ...policy.purposes, [purpose]: version.purposes[purpose]! },
  };
}
