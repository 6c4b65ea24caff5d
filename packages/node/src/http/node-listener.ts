import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";

/**
 * Mounts a deployment in `node:http`: give it requests below `basePath`, before anything has read their body.
 *
 * @example
 * const privacyListener = nodeListener(privacy)
 * createServer((request, response) =>
 *   request.url?.startsWith(privacy.basePath) ? privacyListener(request, response) : shop(request, response))
 */
export function nodeListener(privacy: {
  fetch(request: Request): Promise<Response>;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const listener = getRequestListener((request) => privacy.fetch(request), {
    overrideGlobalObjects: false,
  });
  return (request, response) => void listener(request, response);
}
