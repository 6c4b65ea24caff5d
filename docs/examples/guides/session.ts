import type { Authentication, StaffRole } from "@miniprivacy/node";

/** Stands for the host's own sign-in: here a header tells who calls, which no real host may do. */
export function sessionOf(request: Request): Authentication | null {
  const subjectId = request.headers.get("x-member");
  if (subjectId === null) return null;
  const roles = request.headers.get("x-roles")?.split(",") ?? [];
  return { subjectId, roles: roles as StaffRole[], authenticatedAt: Date.now() };
}
