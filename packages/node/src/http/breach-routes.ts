import { PrivacyError } from "@miniprivacy/core/errors";
import type { BreachService } from "../breach/breach-service.ts";
import { type Route, routeWithBody } from "./route.ts";
import { breachCaseShape, breachesShape, breachRecordShape } from "./wire.ts";

const MAX_BODY_BYTES = 65_536;
const READERS = { roles: ["privacy-officer", "on-call", "auditor"] } as const;

/** Breaches on file, with their clocks and notices. */
export function breachRoutes(breaches: BreachService): readonly Route[] {
  return [
    routeWithBody({
      method: "POST",
      path: "/staff/breaches",
      audience: { roles: ["privacy-officer", "on-call"] },
      summary: "Files a breach; answers its duties with due times and the notices to send.",
      body: { maxBytes: MAX_BODY_BYTES, shape: breachRecordShape },
      answers: { 201: breachCaseShape },
      handle: async ({ tenant, body }) =>
        Response.json(await breaches.file(tenant, body), { status: 201 }),
    }),
    {
      method: "GET",
      path: "/staff/breaches",
      audience: READERS,
      summary: "The breaches on file, with their duties.",
      answers: { 200: breachesShape },
      handle: async ({ tenant }) => Response.json({ breaches: await breaches.list(tenant) }),
    },
    {
      method: "GET",
      path: "/staff/breaches/{id}",
      audience: READERS,
      summary: "One breach with its notices.",
      answers: { 200: breachCaseShape },
      async handle({ tenant, params }) {
        const found = await breaches.find(tenant, params["id"] ?? "");
        if (found === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json(found);
      },
    },
  ];
}
