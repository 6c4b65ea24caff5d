import type { Guard } from "@miniprivacy/core/sensitive-data";
import { readFiles } from "./browser-body.ts";
import { cleared, requireClear, requireClearHeaders } from "./clearance.ts";

/** The browser's and Node's `fetch`. */
export type Fetch = typeof fetch;

/**
 * Puts a guard before `fetch`: URL, headers and body are looked through before anything leaves.
 *
 * A body is read as UTF-8 text, a form by its fields and files. What cannot be read (bytes that are no text, another
 * charset, a form with a fault, a body past `maxBytes`) is stopped unless the mode is `report`. In `redact` mode a text
 * body is masked; anything else with a finding is stopped. Headers that sign in (`authorization`, `…-token` and the
 * like) may hold credentials and the platform's ids of a user, and nothing else. Not seen: the body of a redirect's
 * target, what the browser adds itself (cookies, its own `Referer`), compressed and encrypted content that is text,
 * calls that do not go through the returned function.
 *
 * @returns A function with the type of `fetch` that rejects with PrivacyError `ERR_SENSITIVE_DATA_FOUND`.
 * @see TC-D6.2a, TC-D6.2b
 */
export function guardFetch(guard: Guard, send: Fetch): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    try {
      return await send(await clearedRequest(guard, request));
    } catch (error) {
      // What was stopped is not read any further.
      if (!request.bodyUsed) await request.body?.cancel().catch(() => undefined);
      throw error;
    }
  };
}

async function clearedRequest(guard: Guard, request: Request): Promise<Request> {
  const { url, referrer, headers, method } = request;
  requireClear(guard, [url, referrer]);
  requireClearHeaders(guard, headers);
  if (request.body === null) return request;
  const content = await readContent(guard, request);
  if (typeof content !== "string") {
    requireClear(guard, content);
    return request;
  }
  const body = cleared(guard, content);
  return body === content ? request : new Request(request, { method, body });
}

/** A body as the server reads it: the parts of a form, or text; else something that no guard can read. */
async function readContent(guard: Guard, request: Request): Promise<unknown> {
  const type = String(request.headers.get("content-type"));
  const bytes = await readBytes(request.clone(), guard.maxBytes);
  if (bytes === undefined || /charset\s*=\s*"?(?!utf-?8|us-ascii)/i.test(type)) return request;
  try {
    if (!/^multipart\/form-data/i.test(type))
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const form = new Response(bytes, { headers: { "content-type": type } }).formData();
    return await readFiles(guard, await form);
  } catch {
    return request;
  }
}

/** The whole body, or undefined past the limit: a stream need not end. */
async function readBytes(request: Request, maxBytes: number): Promise<ArrayBuffer | undefined> {
  // Firefox tells of no stream.
  if (!request.body) return request.arrayBuffer();
  const reader = request.body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > maxBytes) {
      // Not awaited: this half of the stream ends only with the other.
      void reader.cancel();
      return undefined;
    }
    chunks.push(part.value);
  }
  return new Blob(chunks).arrayBuffer();
}
