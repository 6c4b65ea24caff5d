import { randomUUID } from "node:crypto";
import type { Authentication, StaffRole } from "@miniprivacy/node";

/** The three people of the demo. A real shop has its own sign-in. */
export const PEOPLE: {
  readonly [id: string]: { readonly name: string; readonly roles: readonly StaffRole[] };
} = {
  lin: { name: "林一 Lin", roles: [] },
  wang: { name: "王二 Wang", roles: [] },
  chen: { name: "陈三 Chen", roles: ["privacy-officer"] },
};

/** Sessions by cookie, in the mini-program by a bearer token; with `testSignIn` also by header, so that scripts can be anybody. */
export interface Sessions {
  signIn(person: string): string | undefined;
  authenticate(request: Request): Authentication | null;
}

export const SESSION_COOKIE = "corner-shop-session";

export function createSessions({ testSignIn }: { readonly testSignIn: boolean }): Sessions {
  const sessions = new Map<string, Authentication>();
  return {
    signIn(person) {
      const known = Object.hasOwn(PEOPLE, person) ? PEOPLE[person] : undefined;
      if (known === undefined) return undefined;
      const id = randomUUID();
      sessions.set(id, { subjectId: person, roles: known.roles, authenticatedAt: Date.now() });
      return id;
    },
    authenticate(request) {
      const byHeader = request.headers.get("x-demo-subject");
      const roles = request.headers.get("x-demo-roles");
      if (testSignIn && (byHeader !== null || roles !== null))
        return headerAuthentication(byHeader ?? "staff", roles);
      const cookies = request.headers.get("cookie")?.split(/;\s*/) ?? [];
      const byCookie = cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`));
      const id =
        /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ??
        byCookie?.slice(SESSION_COOKIE.length + 1);
      return (id !== undefined && sessions.get(id)) || null;
    },
  };
}

function headerAuthentication(subjectId: string, roles: string | null): Authentication | null {
  if (subjectId === "") return null;
  const named = roles?.split(",").filter(Boolean) ?? [];
  return { subjectId, roles: named as StaffRole[], authenticatedAt: Date.now() };
}
