import type { Policy } from "./policy.ts";
import { type PolicyFinding, policyError, policyWarning } from "./policy-finding.ts";

/** What the SDKs take, and for whom. */
export function checkSdks({ sdks = {}, purposes }: Policy): readonly PolicyFinding[] {
  return Object.entries(sdks).flatMap(([id, { categories, purpose, recipient }]) => [
    // Requirement WX-4.4.4a: an SDK takes what its purpose needs, and what that purpose's consent was asked for.
    ...categories.flatMap((category, i) =>
      purposes[purpose]?.categories.includes(category)
        ? []
        : [
            policyError("category-not-in-purpose", `sdks.${id}.categories.${i}`, [
              "WX-4.4.4a",
              "PIPL-6",
            ]),
          ],
    ),
    // Requirement WX-4.4.4c: processing by others is told, and PIPL-23 wants them named; only the policy's author knows them.
    ...(recipient === undefined
      ? [policyWarning("sdk-operator-missing", `sdks.${id}.recipient`, ["WX-4.4.4c", "PIPL-23"])]
      : []),
  ]);
}
