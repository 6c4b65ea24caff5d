import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, RequestError } from "@hono/node-server";
import { errorResponse } from "./error-response.ts";

/** What a mount needs of a deployment. */
export interface Mountable {
  readonly basePath: string;
  fetch(request: Request): Promise<Response>;
}

/** A handler of `node:http`. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Mounts a deployment in `node:http`: give it requests below `basePath`, before anything has read their body.
 *
 * @example
 * const privacyListener = nodeListener(privacy)
 * createServer((request, response) =>
 *   request.url?.startsWith(privacy.basePath) ? privacyListener(request, response) : shop(request, response))
 */
export function nodeListener(privacy: Mountable): NodeListener {
  const listener = getRequestListener((request) => privacy.fetch(request), {
    overrideGlobalObjects: false,
    errorHandler: refuseRequest,
  });
  return (request, response) => {
    if (isBodyTaken(request)) return refuseTakenBody(response);
    void listener(request, response);
  };
}

/** Whether a path belongs to a deployment. */
export function isBelow({ basePath }: Mountable, url = ""): boolean {
  const path = url.split("?", 1)[0]!;
  return path === basePath || path.startsWith(`${basePath}/`);
}

/** What is no request to us, such as one without a host, never reaches the routes. */
function refuseRequest(error: unknown): Response {
  return error instanceof RequestError
    ? errorResponse({ code: "ERR_INPUT_INVALID", status: 400 }, randomUUID())
    : errorResponse({ code: "ERR_INTERNAL", status: 500 }, randomUUID());
}

/** A body can be read once; waiting for one that was read would never end. */
function isBodyTaken({ method, readableEnded, readableDidRead }: IncomingMessage): boolean {
  return (readableEnded || readableDidRead) && method !== "GET" && method !== "HEAD";
}

function refuseTakenBody(response: ServerResponse): void {
  process.emitWarning(
    "The request's body was read before MiniPrivacy got it: mount MiniPrivacy before any body parser.",
    { code: "ERR_CONFIG_INVALID" },
  );
  response.writeHead(500, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify({ code: "ERR_CONFIG_INVALID", requestId: randomUUID() }));
}
