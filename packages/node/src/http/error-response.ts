import { isPrivacyError, type PrivacyErrorCode } from "@miniprivacy/core/errors";
import { RECTIFY_REFUSALS, type RectifyRefusal } from "../subject-request/checked-patch.ts";

/** The HTTP status of each code that can reach a client; every other is a 500. */
export const ERROR_STATUS: { readonly [Code in PrivacyErrorCode]?: number } = {
  ERR_ACCESS_DENIED: 403,
  ERR_BREACH_RECORD_INVALID: 400,
  ERR_CONSENT_RULE: 409,
  ERR_DATABASE_BEHIND_JOURNAL: 503,
  ERR_DEVICE_LINKED: 401,
  ERR_FORBIDDEN: 403,
  ERR_INPUT_INVALID: 400,
  ERR_INPUT_TOO_LARGE: 413,
  ERR_METHOD_NOT_ALLOWED: 405,
  ERR_NOTICE_INVALID: 400,
  ERR_NOTICE_STALE: 409,
  ERR_NOT_FOUND: 404,
  ERR_PURPOSE_UNKNOWN: 400,
  ERR_RATE_LIMITED: 429,
  ERR_REAUTHENTICATION_REQUIRED: 401,
  ERR_REQUEST_STATE: 409,
  ERR_STORE_CONFLICT: 409,
  ERR_STORE_UNAVAILABLE: 503,
  ERR_UNAUTHENTICATED: 401,
  ERR_UNDERTAKING_MISSING: 403,
  ERR_UNSUPPORTED_MEDIA_TYPE: 415,
};

/** What a client is told of an error, and its status. */
export interface ClientError {
  readonly code: PrivacyErrorCode;
  readonly status: number;
  /** Why a field is not corrected, where its rule says no: a word of ours, nothing of the input. */
  readonly reason?: RectifyRefusal;
}

/** What is not in the table is an internal fault. */
export function clientError(error: unknown): ClientError {
  const status = isPrivacyError(error) ? ERROR_STATUS[error.code] : undefined;
  if (!isPrivacyError(error) || status === undefined) return { code: "ERR_INTERNAL", status: 500 };
  const reason = RECTIFY_REFUSALS.find((one) => error.issues.some(({ code }) => code === one));
  return { code: error.code, status, ...(reason && { reason }) };
}

/** An error's answer: `code`, `requestId` and where there is one the `reason`, nothing of the input. */
export function errorResponse({ status, ...told }: ClientError, requestId: string): Response {
  return Response.json(
    { ...told, requestId },
    { status, headers: { "cache-control": "no-store" } },
  );
}
