import { PrivacyError } from "@miniprivacy/core/errors";
import { type Guard, SCAN_LIMITS } from "@miniprivacy/core/sensitive-data";

/** The browser's and Node's `fetch`. */
export type Fetch = typeof fetch;

/**
 * Puts a guard before `fetch`: URL, headers and body are looked through before anything leaves.
 *
 * A body is read as its content type says: forms by their fields, everything else as UTF-8 text. Files in a form are
 * read too. What cannot be read (bytes that are no text, another charset, a form with a fault, a body past the limits
 * of a scan) is stopped unless the mode is `report`. In `redact` mode a text body is masked; anything else with a
 * finding is stopped. Not seen: the body of a redirect's target, what the browser adds itself (cookies, its own
 * `Referer`), base64 and compressed content that is text, calls that do not go through the returned function.
 *
 * @returns A function with the type of `fetch` that rejects with PrivacyError `ERR_SENSITIVE_DATA_FOUND`.
 * @see TC-D6.2a
 */
export function guardFetch(guard: Guard, send: Fetch): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    try {
      return await send(await cleared(guard, request));
    } catch (error) {
      // What was stopped is not read any further.
      if (!request.bodyUsed) await request.body?.cancel().catch(() => undefined);
      throw error;
    }
  };
}

/** The request as it may leave. */
async function cleared(guard: Guard, request: Request): Promise<Request> {
  requireClean(guard, decodedUrl(request));
  requireClean(guard, request.headers);
  if (request.body === null) return request;
  const bytes = await readBytes(request.clone());
  const content = bytes && (await readContent(request, bytes));
  if (content === undefined) {
    if (guard.mode !== "report") throw stopped("unfinished");
    return request;
  }
  if (guard.mode !== "redact") {
    requireClean(guard, content);
    return request;
  }
  return guard.inspect(content).action === "pass" ? request : masked(guard, request, bytes!);
}

function requireClean(guard: Guard, value: unknown): void {
  const { action, reason } = guard.inspect(value);
  if (action === "block") throw stopped(reason ?? "sensitive-data");
}

/** The request with a masked body, which is looked through as it will be read. */
async function masked(guard: Guard, request: Request, bytes: Uint8Array): Promise<Request> {
  const text = decodeText(bytes);
  if (text === undefined || formType(request) === "multipart/form-data")
    throw stopped("unfinished");
  const body = guard.redact(text);
  if (isJson(text) && !isJson(body)) throw stopped("sensitive-data");
  requireClean(guard, await readContent(request, new TextEncoder().encode(body)));
  return new Request(request, { method: request.method, body });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function stopped(reason: string): PrivacyError {
  return new PrivacyError("ERR_SENSITIVE_DATA_FOUND", { detail: reason });
}

/** What the server reads of the URL, before percent-encoding; each name of the query with each of its values. */
function decodedUrl({ url, referrer }: Request): unknown {
  const { hostname, pathname, searchParams } = new URL(url);
  return [hostname, decodePercent(pathname), searchParams, decodePercent(referrer)];
}

/** Decodes what can be decoded; encoded twice, it is decoded twice. A fault hides nothing beside it. */
function decodePercent(text: string): string {
  const once = (encoded: string): string =>
    encoded.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
      try {
        return decodeURIComponent(bytes);
      } catch {
        return bytes.replace(/%([0-7][\da-f])/gi, (_all, hex: string) =>
          String.fromCharCode(parseInt(hex, 16)),
        );
      }
    });
  return once(once(text));
}

/** A body as the server reads it: form fields, or text. */
async function readContent(request: Request, bytes: Uint8Array): Promise<unknown> {
  const type = formType(request);
  const text = decodeText(bytes);
  if (!isUtf8(request)) return undefined;
  if (type === "application/x-www-form-urlencoded")
    return text === undefined ? undefined : new URLSearchParams(text);
  return type === "multipart/form-data" ? readForm(request, bytes) : text;
}

function formType({ headers }: Request): string | undefined {
  return headers.get("content-type")?.split(";")[0]!.trim().toLowerCase();
}

function isUtf8({ headers }: Request): boolean {
  const charset = /charset\s*=\s*"?([^\s";]*)/i.exec(headers.get("content-type") ?? "")?.[1];
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset);
}

/** Fields and files of a form; undefined when a file is no text. */
async function readForm({ headers }: Request, bytes: Uint8Array): Promise<unknown> {
  const fields: object[] = [];
  try {
    const form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers }).formData();
    for (const [name, value] of form) {
      if (typeof value === "string") fields.push({ [name]: value });
      else {
        const text = decodeText(new Uint8Array(await value.arrayBuffer()));
        if (text === undefined) return undefined;
        fields.push({ [name]: [value.name, text] });
      }
    }
    return fields;
  } catch {
    return undefined;
  }
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The whole body, or undefined past the limit: a stream need not end. */
async function readBytes(request: Request): Promise<Uint8Array | undefined> {
  try {
    // Firefox tells of no stream.
    if (!request.body) return new Uint8Array(await request.arrayBuffer());
    const reader = request.body.getReader();
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > SCAN_LIMITS.characters) {
        // Not awaited: this half of the stream ends only with the other.
        void reader.cancel();
        return undefined;
      }
      chunks.push(part.value);
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } catch {
    return undefined;
  }
}
