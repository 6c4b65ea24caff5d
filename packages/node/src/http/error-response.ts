import { isPrivacyError, type PrivacyErrorCode } from "@miniprivacy/core/errors";

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

/** The code a client is told, and its status: what is not in the table is an internal fault. */
export function clientError(error: unknown): {
  readonly code: PrivacyErrorCode;
  readonly status: number;
} {
  const status = isPrivacyError(error) ? ERROR_STATUS[error.code] : undefined;
  return isPrivacyError(error) && status !== undefined
    ? { code: error.code, status }
    : { code: "ERR_INTERNAL", status: 500 };
}

/** An error's answer: exactly `code` and `requestId`, nothing of the input. */
export function errorResponse(code: PrivacyErrorCode, status: number, requestId: string): Response {
  return Response.json({ code, requestId }, { status, headers: { "cache-control": "no-store" } });
}
