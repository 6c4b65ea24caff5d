import type { IncomingMessage, ServerResponse } from "node:http";
import { isBelow, type Mountable, nodeListener } from "./node-listener.ts";

/**
 * Mounts a deployment in Express 5, or anything else that takes Connect middleware. Use it before body parsers;
 * requests outside `basePath` pass through.
 *
 * @example app.use(expressMiddleware(privacy))
 */
export function expressMiddleware(
  privacy: Mountable,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  const listener = nodeListener(privacy);
  return (request, response, next) => {
    // A router shortens `url` by the path it is mounted at.
    const url = (request as { originalUrl?: string }).originalUrl ?? request.url;
    if (!isBelow(privacy, url)) return next();
    if (url !== undefined) request.url = url;
    listener(request, response);
  };
}
