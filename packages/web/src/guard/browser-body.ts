import type { Guard } from "@miniprivacy/core/sensitive-data";
import { cleared } from "./clearance.ts";

/**
 * A body as it may leave, looked through at once: files in it are not read, so they are not known to be clean.
 *
 * @throws PrivacyError `ERR_SENSITIVE_DATA_FOUND`
 */
export function clearedBody<Body>(guard: Guard, body: Body): Body {
  return body instanceof URLSearchParams
    ? (new URLSearchParams(cleared(guard, String(body))) as Body)
    : cleared(guard, body);
}

/** What a form or file holds, for a guard; a file past the limit stays one, which no guard can read. */
export async function readFiles(guard: Guard, body: unknown): Promise<unknown> {
  if (body instanceof FormData)
    return Promise.all(
      Array.from(body, async ([name, value]) => ({ [name]: await readFiles(guard, value) })),
    );
  if (!(body instanceof Blob) || body.size > guard.maxBytes) return body;
  return [(body as File).name, await body.arrayBuffer()];
}
