import { randomUUID } from "node:crypto";
import type { Guard } from "@miniprivacy/core/sensitive-data";
import { errorResponse } from "../http/error-response.ts";
import {
  type AnswerHead,
  BODY_HEADERS,
  clearBody,
  DIGEST_HEADERS,
  isBinary,
  isEndless,
} from "./answer-body.ts";
import { createHeldBody } from "./held-body.ts";

/**
 * Puts a guard behind a handler of web requests, as Hono and others have: the body of each answer is looked through
 * before it is sent.
 *
 * `block` answers 500 with the code `ERR_SENSITIVE_DATA_FOUND` and a request id in place of a body with a finding.
 * `redact` masks JSON by its structure and other text by its content. `report` sends everything and tells the guard's
 * `onFinding`. A body is held back until it is whole; one longer than `SCAN_LIMITS.characters` bytes, a stream of
 * events, compressed bytes, another charset than UTF-8 and bytes that are no text are refused unless the mode is
 * `report`. In `application/octet-stream` the bytes that are text are looked at: give long downloads their own type. Not
 * looked at: headers, and images, sound, video, fonts, archives and office files by their content type.
 *
 * @returns A handler with the same arguments; what the given one throws passes.
 * @see WX-4.4.6c
 * @see TC-D6.2a
 * @example export default { fetch: guardHandler(guard, app.fetch) }
 */
export function guardHandler<Others extends readonly unknown[]>(
  guard: Guard,
  handler: (request: Request, ...others: Others) => Response | Promise<Response>,
): (request: Request, ...others: Others) => Promise<Response> {
  return async (request, ...others) => {
    const response = await handler(request, ...others);
    const head = headOf(response);
    if (response.body === null || isBinary(head.type)) return response;
    return guard.mode === "report" ? watched(guard, response) : cleared(guard, head, response);
  };
}

function headOf({ headers }: Response): AnswerHead {
  return { type: headers.get("content-type"), encoding: headers.get("content-encoding") };
}

// Requirement WX-4.4.6c, TC-D6.2a: an answer leaves when it is known to hold nothing sensitive.
async function cleared(guard: Guard, head: AnswerHead, response: Response): Promise<Response> {
  const bytes = isEndless(head.type) ? undefined : await readBytes(response.body!);
  const clear = bytes === undefined ? undefined : clearBody(guard, head, bytes);
  if (clear === undefined || clear.action === "block") return refusal(response);
  if (clear.action === "pass") return new Response(bytes, response);
  const masked = new Response(clear.body, response);
  for (const name of DIGEST_HEADERS) masked.headers.delete(name);
  masked.headers.set("content-length", String(clear.body.length));
  return masked;
}

/** The answer in place of one that may not leave; what it says of others than the body stays. */
function refusal({ headers, body }: Response): Response {
  if (body?.locked === false) void body.cancel().catch(() => undefined);
  const answer = errorResponse({ code: "ERR_SENSITIVE_DATA_FOUND", status: 500 }, randomUUID());
  const kept = new Headers(headers);
  for (const name of BODY_HEADERS) kept.delete(name);
  for (const [name, value] of answer.headers) kept.set(name, value);
  return new Response(answer.body, { status: answer.status, headers: kept });
}

/** The answer as it is; a copy is looked through beside it. */
function watched(guard: Guard, response: Response): Response {
  const head = headOf(response);
  if (isEndless(head.type)) return response;
  const [body, copy] = response.body!.tee();
  void readBytes(copy).then(
    (bytes) => bytes && clearBody(guard, head, bytes),
    () => undefined,
  );
  return new Response(body, response);
}

/** The whole body, or undefined past the limit: a stream need not end. */
async function readBytes(
  stream: ReadableStream<Uint8Array>,
): Promise<Buffer<ArrayBuffer> | undefined> {
  const body = createHeldBody();
  // Leaving the loop ends the stream.
  for await (const chunk of stream) {
    body.add(chunk);
    if (body.isOver()) return undefined;
  }
  return body.bytes();
}
