import type { IncomingMessage, ServerResponse } from "node:http";
import { isBelow, type Mountable, type NodeListener, nodeListener } from "./node-listener.ts";

/** What of Fastify is used. */
export interface FastifyScope {
  readonly server: {
    listeners(event: "request"): readonly unknown[];
    removeAllListeners(event: "request"): unknown;
    on(event: "request", listener: NodeListener): unknown;
  };
  register(plugin: (scope: FastifyScope) => Promise<void>, options: { prefix: string }): unknown;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown;
  setErrorHandler(handler: (error: unknown, request: unknown, reply: unknown) => void): unknown;
  setNotFoundHandler(handler: (request: unknown, reply: unknown) => void): unknown;
  all(path: string, handler: (request: unknown, reply: unknown) => void): unknown;
}

/** What of its calls is used. */
interface FastifyCall {
  readonly raw: IncomingMessage;
}
interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/**
 * Mounts a deployment in Fastify 5. Its body parsers are put aside for the routes of MiniPrivacy only, and what its
 * router refuses below `basePath` is answered by MiniPrivacy.
 *
 * @example await app.register(fastifyPlugin(privacy))
 */
export function fastifyPlugin(privacy: Mountable): (scope: FastifyScope) => Promise<void> {
  const listener = nodeListener(privacy);
  const take = (request: unknown, reply: unknown): void => {
    (reply as FastifyReply).hijack();
    listener((request as FastifyCall).raw, (reply as FastifyReply).raw);
  };
  return async (scope) => {
    takeUndecodable(scope.server, privacy, listener);
    await scope.register(
      async (below) => {
        below.removeAllContentTypeParsers();
        below.addContentTypeParser("*", (_request, _payload, done) => done(null));
        below.setErrorHandler((error, request, reply) => {
          // A hook of the host's may have refused the request: that stays its own.
          if (!isContentTypeError(error)) throw error;
          take(request, reply);
        });
        if (privacy.basePath !== "") {
          below.setNotFoundHandler(take);
          below.all("", take);
        }
        below.all("/*", take);
      },
      { prefix: privacy.basePath },
    );
  };
}

function isContentTypeError(error: unknown): boolean {
  return (
    error instanceof Error && String((error as { code?: unknown }).code).startsWith("FST_ERR_CTP_")
  );
}

/** A path that cannot be decoded Fastify refuses before any route, and tells it back: here it never gets that far. */
function takeUndecodable(
  server: FastifyScope["server"],
  privacy: Mountable,
  listener: NodeListener,
): void {
  const others = server.listeners("request") as readonly NodeListener[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    if (isBelow(privacy, request.url) && !isDecodable(request.url!)) listener(request, response);
    else for (const other of others) other.call(server, request, response);
  });
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0]!);
    return true;
  } catch {
    return false;
  }
}
