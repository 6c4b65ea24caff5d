import * as z from "zod/mini";
import type { ConsentDecisionKind } from "@miniprivacy/core";
import { inputIssues, PrivacyError } from "@miniprivacy/core/errors";

/** One decision as a client submits it. */
export interface ConsentDecision {
  /** The client's random id: a retry carries the same. */
  readonly decisionId: string;
  readonly purpose: string;
  readonly decision: ConsentDecisionKind;
  /** Token of the notice shown; required for a grant. */
  readonly notice?: string | undefined;
  readonly counter: number;
  /** The device's clock, RFC 3339. */
  readonly at: string;
}

/** How many decisions one call may carry. */
export const MAX_DECISIONS = 50;

/** @throws PrivacyError `ERR_INPUT_INVALID` */
export function parseConsentDecisions(input: unknown): readonly ConsentDecision[] {
  const result = body.safeParse(input);
  if (!result.success)
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(result.error.issues) });
  return result.data.decisions;
}

const body = z.strictObject({
  decisions: z
    .array(
      z.strictObject({
        decisionId: z.string().check(z.regex(/^[\w-]{8,128}$/)),
        purpose: z.string().check(z.minLength(1), z.maxLength(128)),
        decision: z.enum(["given", "refused", "withdrawn"]),
        notice: z.optional(z.string()),
        counter: z.int().check(z.minimum(0)),
        at: z.iso.datetime({ offset: true }),
      }),
    )
    .check(z.minLength(1), z.maxLength(MAX_DECISIONS)),
});
