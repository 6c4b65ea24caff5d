import { countDecisions } from "../consent/consent-statistics.ts";
import type { Runtime } from "../runtime.ts";
import type { Route } from "./route.ts";
import { READERS } from "./staff-audience.ts";
import { statisticsShape } from "./wire.ts";

/** What the operator's staff ask of all consents together. */
export function statisticsRoutes({ database }: Runtime): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/staff/statistics",
      audience: READERS,
      summary:
        "How often each purpose was decided, by status, language and policy version: counts only.",
      answers: { 200: statisticsShape },
      handle: async ({ tenant }) =>
        Response.json({ decisions: await countDecisions(database.tables, tenant) }),
    },
  ];
}
