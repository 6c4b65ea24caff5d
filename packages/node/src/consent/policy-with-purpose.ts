import type { Policy } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";

/** The policy as it is, with a purpose that it has dropped and an earlier version has; undefined when none ever had it. */
export function policyWithPurpose(
  { policy, earlierPolicies }: Pick<Runtime, "policy" | "earlierPolicies">,
  purpose: string,
): Policy | undefined {
  const version = [policy, ...earlierPolicies].find(({ purposes }) =>
    Object.hasOwn(purposes, purpose),
  );
  if (version === undefined || version === policy) return version;
  return {
    ...policy,
    purposes: { ...policy.purposes, [purpose]: version.purposes[purpose]! },
  };
}
