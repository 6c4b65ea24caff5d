import type { Guard } from "@miniprivacy/core/sensitive-data";
import { privacyError } from "../privacy-error.ts";

/** Under these names an app's own sign-in travels and is kept. */
const SIGN_IN = /^(?:proxy-)?authorization$|^cookie$|token$|^x-api-key$/i;
const SIGN_IN_CATEGORIES: readonly string[] = ["credential.account", "identifier.platform"];

/**
 * Lets pass what a guard lets pass; a guard that throws has not looked through it.
 *
 * @param name What a text stands under: what signs in may.
 * @throws PrivacyError `ERR_SENSITIVE_DATA_FOUND`, its `detail` the guard's reason
 */
export function requireClear(guard: Guard, value: unknown, name = ""): void {
  let detail: string | undefined = "unfinished";
  try {
    const { action, reason, findings } = guard.inspect(value);
    // Requirement TC-D6.2a: what does not pass has no way on.
    if (action === "pass") return;
    const isSignIn = SIGN_IN.test(name) && reason !== detail;
    if (isSignIn && findings.every(({ category }) => SIGN_IN_CATEGORIES.includes(category))) return;
    detail = reason;
  } catch {
    if (guard.mode === "report") return;
  }
  throw Object.assign(privacyError("ERR_SENSITIVE_DATA_FOUND"), { detail });
}

/**
 * A value as it may leave: in `redact` mode a text or structure is masked.
 *
 * @throws PrivacyError as `requireClear`
 */
export function cleared<Value>(guard: Guard, value: Value, name?: string): Value {
  try {
    requireClear(guard, value, name);
    return value;
  } catch (error) {
    const { detail } = error as { readonly detail: unknown };
    if (guard.mode !== "redact" || detail !== "sensitive-data" || !isMaskable(value)) throw error;
    const masked = guard.redact(value);
    if (isJson(value) && !isJson(masked)) throw error;
    requireClear(guard, masked, name);
    return masked;
  }
}

/** Headers are never masked: they say what the rest is. */
export function requireClearHeaders(
  guard: Guard,
  headers: Iterable<readonly [name: string, value: unknown]>,
): void {
  for (const [name, value] of headers) requireClear(guard, { [name]: value }, name);
}

function isMaskable(value: unknown): boolean {
  return /t (?:Object|Array|String)]/.test(Object.prototype.toString.call(value));
}

function isJson(text: unknown): boolean {
  try {
    return typeof text === "string" && JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}
