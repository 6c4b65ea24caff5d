import * as z from "zod/mini";
import { inputIssues } from "../errors/input-issues.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import { digestSchema } from "./party-schema.ts";
import type { PolicyLock } from "./policy-lock.ts";

/**
 * Reads a policy lock from decoded JSON.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` with the places that are wrong, ids of purposes written as `*`.
 */
export function parsePolicyLock(input: unknown): PolicyLock {
  const result = lockSchema().safeParse(input);
  if (!result.success)
    throw new PrivacyError("ERR_INPUT_INVALID", {
      issues: inputIssues(result.error.issues, ["purposes"]),
    });
  return result.data;
}

function lockSchema() {
  return z.strictObject({
    id: z.string().check(z.minLength(1)),
    version: z.string().check(z.minLength(1)),
    digest: digestSchema,
    purposes: z.record(z.string(), digestSchema),
  });
}
