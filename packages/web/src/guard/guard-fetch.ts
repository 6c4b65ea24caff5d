import { PrivacyError } from "@miniprivacy/core/errors";
import type { Guard } from "@miniprivacy/core/sensitive-data";

/** The browser's and Node's `fetch`. */
export type Fetch = typeof fetch;

/**
 * Puts a guard before `fetch`: URL, headers and body are looked through before anything leaves.
 *
 * In `redact` mode a text body is masked; anything else with a finding, and a body that cannot be read as text, is
 * stopped, as in `block` mode.
 *
 * @returns A function with the type of `fetch` that rejects with PrivacyError `ERR_SENSITIVE_DATA_FOUND`.
 * @see TC-D6.2a
 */
export function guardFetch(guard: Guard, send: Fetch): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    requireClean(guard, decodedUrl(request.url));
    requireClean(guard, Object.fromEntries(request.headers));
    if (request.body === null) return send(request);
    const text = await readText(request.clone());
    if (text === undefined) {
      if (guard.mode !== "report") throw stopped("unfinished");
      return send(request);
    }
    const body = isForm(request) ? formFields(text) : text;
    if (guard.mode === "redact")
      return send(
        new Request(request, { method: request.method, body: redactBody(guard, text, body) }),
      );
    requireClean(guard, body);
    return send(request);
  };
}

function requireClean(guard: Guard, value: unknown): void {
  const { action, reason } = guard.inspect(value);
  if (action === "block") throw stopped(reason ?? "sensitive-data");
}

function redactBody(guard: Guard, text: string, body: unknown): string {
  if (guard.inspect(body).action === "pass") return text;
  const masked = guard.redact(text);
  requireClean(guard, masked);
  return masked;
}

function stopped(reason: string): PrivacyError {
  return new PrivacyError("ERR_SENSITIVE_DATA_FOUND", { detail: reason });
}

/** Path and query as they were before percent-encoding. */
function decodedUrl(url: string): unknown {
  const { pathname, searchParams } = new URL(url);
  return { path: safeDecode(pathname), query: Object.fromEntries(searchParams) };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readText(request: Request): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await request.arrayBuffer());
  } catch {
    return undefined;
  }
}

function isForm(request: Request): boolean {
  return (
    request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") ?? false
  );
}

function formFields(text: string): unknown {
  return Object.fromEntries(new URLSearchParams(text));
}
