import { PrivacyError } from "@miniprivacy/core/errors";
import * as z from "zod/mini";
import { DEVICE_HEADER } from "../consent/consent-proof.ts";
import type { Runtime } from "../runtime.ts";
import { ERROR_STATUS } from "./error-response.ts";
import type { Route, RouteAnswers, RouteAudience } from "./route.ts";
import { errorShape } from "./wire.ts";

/** `GET /openapi.json`: all routes as an OpenAPI document, itself left out. */
export function openApiRoute(routes: readonly Route[], { basePath, policy }: Runtime): Route {
  let document: object | undefined;
  return {
    method: "GET",
    path: "/openapi.json",
    audience: "anyone",
    summary: "This document.",
    answers: { 200: "application/json" },
    handle: async () =>
      Response.json((document ??= openApiDocument(routes, basePath, policy.id)), {
        headers: { "cache-control": "public, max-age=300" },
      }),
  };
}

/** Describes routes in OpenAPI 3.1. @see https://spec.openapis.org/oas/v3.1.1 */
export function openApiDocument(routes: readonly Route[], basePath: string, title: string): object {
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (const route of routes)
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  return {
    openapi: "3.1.0",
    info: { title: `${title}: privacy endpoints`, version: "1" },
    servers: [{ url: basePath }],
    paths,
    components: {
      schemas: { Error: { ...schemaOf(errorShape, "output"), ...errorCodes() } },
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "header",
          name: "authorization",
          description:
            "Whatever the host's `authenticate` accepts; a cookie or another header as well.",
        },
        [DEVICE_HEADER]: {
          type: "apiKey",
          in: "header",
          name: DEVICE_HEADER,
          description:
            "A device before anybody signed in on it: its own 16 random bytes, base64url.",
        },
        ...tokenSchemes(routes),
      },
    },
  };
}

function tokenSchemes(routes: readonly Route[]): object {
  const tokens = routes.flatMap(({ tokenHeader }) => tokenHeader ?? []);
  return Object.fromEntries(
    tokens.map(({ name, meaning }) => [
      name,
      { type: "apiKey", in: "header", name, description: meaning },
    ]),
  );
}

function operation(route: Route): object {
  const { path, audience, summary, query, headers, body, answers } = route;
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter("path", name!)),
    ...Object.entries(query ?? {}).map(([name, meaning]) => parameter("query", name, meaning)),
    ...Object.entries(headers ?? {}).map(([name, meaning]) => parameter("header", name, meaning)),
  ];
  return {
    summary,
    security: security(route),
    ...(staffRoles(audience) && { description: `Roles: ${staffRoles(audience)}.` }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        description: `At most ${body.maxBytes} bytes.`,
        content: { "application/json": { schema: schemaOf(body.shape, "input") } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          response(answer, Number(status)),
        ]),
      ),
      default: {
        description: "A refusal or a fault.",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

/** Any one of them is enough. */
function security({ audience, tokenHeader }: Route): readonly object[] {
  if (tokenHeader !== undefined) return [{ session: [] }, { [tokenHeader.name]: [] }];
  if (audience === "subject-or-device") return [{ session: [] }, { [DEVICE_HEADER]: [] }];
  return audience === "anyone" ? [] : [{ session: [] }];
}

function parameter(place: "path" | "query" | "header", name: string, meaning?: string): object {
  return {
    in: place,
    name,
    required: place === "path",
    ...(meaning !== undefined && { description: meaning }),
    schema: { type: "string" },
  };
}

function response(answer: RouteAnswers[number], status: number): object {
  const contents = [answer].flat();
  const shapes = contents.filter((one) => typeof one !== "string");
  const schemas = shapes.map((shape) => schemaOf(shape, "output"));
  return {
    description: status < 400 ? "As asked for." : "A refusal.",
    content: {
      ...(schemas.length > 0 && {
        "application/json": { schema: schemas.length === 1 ? schemas[0] : { anyOf: schemas } },
      }),
      ...Object.fromEntries(
        contents
          .filter((one) => typeof one === "string")
          .map((type) => [
            type,
            { schema: { type: type === "application/json" ? "object" : "string" } },
          ]),
      ),
    },
  };
}

function schemaOf(shape: z.ZodMiniType, io: "input" | "output"): object {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { io });
  return schema;
}

/** Every code with the sentence it stands for. */
function errorCodes(): object {
  const codes = Object.entries(ERROR_STATUS).map(
    ([code, status]) => `${code} (${status}): ${new PrivacyError(code as "ERR_INTERNAL").message}`,
  );
  return { description: codes.join("\n") };
}

function staffRoles(audience: RouteAudience): string | undefined {
  return typeof audience === "object" ? audience.roles.join(", ") : undefined;
}
