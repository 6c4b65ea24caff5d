import type { Route } from "./route.ts";
import { healthShape } from "./wire.ts";

/** Whether requests are served. */
export type HealthStatus = "ok" | "behind-journal";

export function healthRoute(status: HealthStatus): Route {
  return {
    method: "GET",
    path: "/health",
    audience: "anyone",
    summary: "Whether requests are served.",
    answers: { 200: healthShape },
    handle: async () => Response.json({ status }),
  };
}
