import type { StaffRole } from "./identity.ts";
import type { Authentication } from "./identity.ts";

/** Who may call a route: anyone, a signed-in subject, or staff with one of the roles. */
export type RouteAudience = "anyone" | "subject" | { readonly roles: readonly StaffRole[] };

/** What a handler is given. Parameters are decoded; nothing has been checked against the policy yet. */
export interface RouteContext {
  readonly request: Request;
  readonly tenant: string;
  /** Present on routes for subjects and staff; on others when somebody is signed in. */
  readonly identity: Authentication | undefined;
  readonly params: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  /** The parsed JSON body of routes that take one. */
  readonly body: unknown;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base path, with `{name}` for parameters. */
  readonly path: string;
  readonly audience: RouteAudience;
  /** Largest JSON body in bytes; a route without it takes none. */
  readonly maxBodyBytes?: number;
  handle(context: RouteContext): Promise<Response>;
}
