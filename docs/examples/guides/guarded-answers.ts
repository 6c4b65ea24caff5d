import { createGuard } from "@miniprivacy/core/sensitive-data";
import { guardHandler, guardResponses } from "@miniprivacy/node";
import type { Express } from "express";

const guard = createGuard({ profile: "cn-conservative", mode: "block" });

/** For Express, Connect and Nest: after compression, before the routes. */
export function guardAnswers(app: Express): void {
  app.use(guardResponses(guard));
}

/** For Hono and whatever else takes a request and gives a response. */
export function guarded(
  handler: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return guardHandler(guard, handler);
}
