import type { IncomingMessage, ServerResponse } from "node:http";
import { isBelow, type Mountable, nodeListener } from "./node-listener.ts";

/** What of Koa's context is used. */
export interface KoaContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly originalUrl: string;
  respond?: boolean;
}

/**
 * Mounts a deployment in Koa 3. Use it before body parsers; requests outside `basePath` pass through.
 *
 * @example app.use(koaMiddleware(privacy))
 */
export function koaMiddleware(
  privacy: Mountable,
): (context: KoaContext, next: () => Promise<unknown>) => Promise<void> {
  const listener = nodeListener(privacy);
  return async (context, next) => {
    if (!isBelow(privacy, context.originalUrl)) {
      await next();
      return;
    }
    context.respond = false;
    context.req.url = context.originalUrl;
    listener(context.req, context.res);
  };
}
