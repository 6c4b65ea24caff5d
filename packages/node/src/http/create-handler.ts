import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { PrivacyError } from "@miniprivacy/core/errors";
import { DEVICE_HEADER } from "../consent/consent-proof.ts";
import { faultFields, type Logger } from "../logger.ts";
import { clientError, errorResponse } from "./error-response.ts";
import {
  type Authenticate,
  type Authentication,
  parseAuthentication,
  parseDeviceSecret,
  parseTenant,
} from "./identity.ts";
import { readBody } from "./request-body.ts";
import type { Route } from "./route.ts";

export interface HandlerOptions {
  readonly basePath: string;
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly tenantOf: (request: Request) => string | Promise<string>;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Builds the one handler of all routes: from a web Request to a Response, errors included. */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const { basePath, routes, logger } = options;
  const app = new Hono<{ Variables: { requestId: string; route: string } }>({ strict: true });
  app.use(async (c, next) => {
    const requestId = randomUUID();
    c.set("requestId", requestId);
    c.set("route", "none");
    await next();
    c.res.headers.set("x-request-id", requestId);
    c.res.headers.set("x-content-type-options", "nosniff");
    logger.info(
      { requestId, method: c.req.method, route: c.get("route"), status: c.res.status },
      "request",
    );
  });
  for (const route of routes) {
    const path = basePath + route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app.on(route.method, [path], async (c) => {
      c.set("route", `${route.method} ${route.path}`);
      return handle(options, route, c.req.raw, c.req.param()).catch((thrown: unknown) => {
        // Hono hands only errors on; a host may throw anything.
        throw thrown instanceof Error
          ? thrown
          : new PrivacyError("ERR_INTERNAL", { cause: thrown });
      });
    });
  }
  app.notFound((c) => {
    const allowed = methodsAt(routes, c.req.path.slice(basePath.length));
    if (allowed.length === 0)
      return errorResponse({ code: "ERR_NOT_FOUND", status: 404 }, c.get("requestId"));
    const response = errorResponse(
      { code: "ERR_METHOD_NOT_ALLOWED", status: 405 },
      c.get("requestId"),
    );
    response.headers.set("allow", allowed.join(", "));
    return response;
  });
  app.onError((error, c) => {
    const told = clientError(error);
    const requestId = c.get("requestId");
    if (told.status >= 500)
      logger.error(
        { requestId, route: c.get("route"), code: told.code, ...faultFields(error) },
        "request failed",
      );
    return errorResponse(told, requestId);
  });
  return async (request) => app.fetch(request);
}

async function handle(
  { authenticate, tenantOf, now }: HandlerOptions,
  route: Route,
  request: Request,
  params: { readonly [name: string]: string },
): Promise<Response> {
  if (Object.values(params).some((value) => value.includes("\0")))
    throw new PrivacyError("ERR_NOT_FOUND");
  const tenant = parseTenant(await tenantOf(request));
  const identity = parseAuthentication(await authenticate(request), now());
  if (identity?.tenant !== undefined && identity.tenant !== tenant)
    throw new PrivacyError("ERR_NOT_FOUND");
  if (route.method !== "GET") requireSameOrigin(request);
  const deviceSecret = parseDeviceSecret(request.headers.get(DEVICE_HEADER));
  authorize(route, identity, deviceSecret);
  const body = route.body && (await readBody(request, route.body));
  const query = new URL(request.url).searchParams;
  const response = await route.handle({
    request,
    tenant,
    identity,
    deviceSecret,
    params,
    query,
    body,
  });
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  return response;
}

function authorize(
  { audience }: Route,
  identity: Authentication | undefined,
  deviceSecret: string | undefined,
): void {
  if (audience === "anyone") return;
  if (audience === "subject-or-device" && deviceSecret !== undefined) return;
  if (identity === undefined) throw new PrivacyError("ERR_UNAUTHENTICATED");
  if (audience === "subject" || audience === "subject-or-device") return;
  if (!audience.roles.some((role) => identity.roles?.includes(role)))
    throw new PrivacyError("ERR_FORBIDDEN");
}

/** A cookie travels with requests that other sites start: what changes anything must come from our own pages. */
function requireSameOrigin(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none")
    throw new PrivacyError("ERR_FORBIDDEN");
  const origin = request.headers.get("origin");
  if (origin === null || site !== null) return;
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if (!URL.canParse(origin) || new URL(origin).host !== host)
    throw new PrivacyError("ERR_FORBIDDEN");
}

/** The methods that a path takes. */
function methodsAt(routes: readonly Route[], pathname: string): readonly string[] {
  const given = pathname.split("/");
  const methods = routes.flatMap(({ method, path }) => {
    const wanted = path.split("/");
    const matches =
      wanted.length === given.length &&
      wanted.every((part, i) => part === given[i] || (part.startsWith("{") && given[i] !== ""));
    return matches ? (method === "GET" ? ["GET", "HEAD"] : [method]) : [];
  });
  return [...new Set(methods)];
}
