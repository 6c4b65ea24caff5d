import { PrivacyError } from "@miniprivacy/core/errors";

/** The system's errors of a connection, and PostgreSQL's: connection, resources, shutdown, a standby that only reads. */
const CODES = /^(?:E[A-Z]+|EAI_AGAIN|08...|53...|57P..|25006)$/;
/** Errors of `pg` that have no code. */
const MESSAGES =
  /^(?:Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client (?:has encountered|was closed))/;

/**
 * Runs a call to the server, and says by a code of ours when the server cannot be reached, does not answer or lets
 * nobody in.
 *
 * @param onFault Told before that.
 */
export async function reachServer<Result>(
  call: () => Promise<Result>,
  onFault?: () => void,
): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    if (!isConnectionFault(cause)) throw cause;
    onFault?.();
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "PostgreSQL", cause });
  }
}

function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? CODES.test(code) : MESSAGES.test(error.message);
}
