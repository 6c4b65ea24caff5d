import type { PrivacyError, PrivacyErrorCode } from "@miniprivacy/core/errors";

/** Codes that only the server's answers bring. */
export type AnswerCode =
  | PrivacyErrorCode
  | "ERR_CONSENT_RULE"
  | "ERR_DEVICE_LINKED"
  | "ERR_RATE_LIMITED";

/**
 * A `PrivacyError` by shape (`isPrivacyError`), its code for a message: the sentences of all codes would be a third of
 * what a page loads.
 */
export function privacyError(code: AnswerCode, cause?: unknown): PrivacyError {
  const fields = { name: "PrivacyError", code, issues: [], toJSON: (): object => fields };
  return Object.assign(new Error(code, { cause }), fields) as unknown as PrivacyError;
}
