import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authentication } from "@miniprivacy/node";

/** Stands for the host's own sign-in. */
export function sessionOf(request: Request): Authentication | null {
  const subjectId = request.headers.get("x-member");
  return subjectId === null ? null : { subjectId, authenticatedAt: Date.now() };
}

/** Stands for the host's own pages. */
export function shop(_request: IncomingMessage, response: ServerResponse): void {
  response.end("Corner Shop");
}

export function printLabel(phone: string): string {
  return `☎ ${phone}`;
}
