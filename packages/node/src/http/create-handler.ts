import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { PrivacyError } from "@miniprivacy/core/errors";
import { faultFields, type Logger } from "../logger.ts";
import { clientError, errorResponse } from "./error-response.ts";
import type { Authenticate, Authentication } from "./identity.ts";
import { readJsonBody } from "./request-body.ts";
import type { Route } from "./route.ts";

export interface HandlerOptions {
  readonly basePath: string;
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly tenantOf: (request: Request) => string | Promise<string>;
  readonly logger: Logger;
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
      return handle(options, route, c.req.raw, c.req.param());
    });
  }
  app.notFound((c) => {
    const known = routes.some(({ path }) =>
      pathMatches(basePath + path, new URL(c.req.url).pathname),
    );
    return known
      ? errorResponse("ERR_METHOD_NOT_ALLOWED", 405, c.get("requestId"))
      : errorResponse("ERR_NOT_FOUND", 404, c.get("requestId"));
  });
  app.onError((error, c) => {
    const { code, status } = clientError(error);
    const requestId = c.get("requestId");
    if (status >= 500)
      logger.error(
        { requestId, route: c.get("route"), code, ...faultFields(error) },
        "request failed",
      );
    return errorResponse(code, status, requestId);
  });
  return async (request) => app.fetch(request);
}

async function handle(
  { authenticate, tenantOf }: HandlerOptions,
  route: Route,
  request: Request,
  params: { readonly [name: string]: string },
): Promise<Response> {
  if (Object.values(params).some((value) => value.includes("\0")))
    throw new PrivacyError("ERR_NOT_FOUND");
  const tenant = await tenantOf(request);
  const identity = (await authenticate(request)) ?? undefined;
  if (identity !== undefined) requireSubjectId(identity);
  if (identity?.tenant !== undefined && identity.tenant !== tenant)
    throw new PrivacyError("ERR_NOT_FOUND");
  if (route.method !== "GET") requireSameOrigin(request);
  authorize(route, identity);
  const body =
    route.maxBodyBytes === undefined ? undefined : await readJsonBody(request, route.maxBodyBytes);
  const query = new URL(request.url).searchParams;
  const response = await route.handle({ request, tenant, identity, params, query, body });
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  return response;
}

const MAX_SUBJECT_ID_LENGTH = 256;

/** An empty or endless name is a fault of the host's sign-in, not a person. */
function requireSubjectId({ subjectId }: Authentication): void {
  const usable =
    typeof subjectId === "string" &&
    /^[^\0]+$/.test(subjectId) &&
    subjectId.length <= MAX_SUBJECT_ID_LENGTH;
  if (!usable)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "authenticate gave no usable subjectId",
    });
}

function authorize({ audience }: Route, identity: Authentication | undefined): void {
  if (audience === "anyone") return;
  if (identity === undefined) throw new PrivacyError("ERR_UNAUTHENTICATED");
  if (audience === "subject") return;
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

function pathMatches(pattern: string, pathname: string): boolean {
  const wanted = pattern.split("/");
  const given = pathname.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => part.startsWith("{") || part === given[i])
  );
}
