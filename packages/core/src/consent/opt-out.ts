import type { PurposeDefinition } from "../policy/policy.ts";

/**
 * Whether a browser's objection beforehand is about a purpose: marketing and sharing are.
 *
 * @see PIPL-44; https://www.w3.org/TR/gpc/
 */
export function isOptOutPurpose({ use }: Pick<PurposeDefinition, "use">): boolean {
  return use === "marketing" || use === "sharing";
}
