import type * as z from "zod/mini";
import type { Authentication, StaffRole } from "./identity.ts";

/** Who may call a route: anyone, a signed-in subject, such a one or a device, or staff with one of the roles. */
export type RouteAudience =
  | "anyone"
  | "subject"
  | "subject-or-device"
  | { readonly roles: readonly StaffRole[] };

/** What a handler is given. Parameters are decoded; nothing has been checked against the policy yet. */
export interface RouteContext<Body = undefined> {
  readonly request: Request;
  readonly tenant: string;
  /** Present on routes for subjects and staff; on others when somebody is signed in. */
  readonly identity: Authentication | undefined;
  /** The secret of the device, where one was shown. */
  readonly deviceSecret: string | undefined;
  readonly params: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  /** The JSON body, in the shape the route says. */
  readonly body: Body;
}

/** A body that a route takes. */
export interface RouteBody<Shape extends z.ZodMiniType> {
  /** Largest size in bytes. */
  readonly maxBytes: number;
  readonly shape: Shape;
}

/** Content that a route answers with: JSON of a shape, or a media type. */
export type RouteContent = z.ZodMiniType | `${string}/${string}`;

/** What a route answers with a status, in one or several forms. */
export type RouteAnswers = { readonly [status: number]: RouteContent | readonly RouteContent[] };

/** One endpoint: who may call it, what it takes and gives, what it does. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base path, with `{name}` for parameters. */
  readonly path: string;
  readonly audience: RouteAudience;
  /** A header whose token stands in place of the session, on routes for anyone that ask for either themselves. */
  readonly tokenHeader?: { readonly name: string; readonly meaning: string };
  /** One sentence for openapi.json. */
  readonly summary: string;
  /** Query parameters and header names it reads, each with what it means. */
  readonly query?: { readonly [name: string]: string };
  readonly headers?: { readonly [name: string]: string };
  /** The body it takes; without it, none. */
  readonly body?: RouteBody<z.ZodMiniType>;
  readonly answers: RouteAnswers;
  handle(context: RouteContext<unknown>): Promise<Response>;
}

/** A route whose handler gets its body in the shape it says. */
export function routeWithBody<Shape extends z.ZodMiniType>(
  route: Omit<Route, "body" | "handle"> & {
    readonly body: RouteBody<Shape>;
    handle(context: RouteContext<z.infer<Shape>>): Promise<Response>;
  },
): Route {
  return route;
}
