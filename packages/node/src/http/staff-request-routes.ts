import { PrivacyError } from "@miniprivacy/core/errors";
import { staffRef } from "../access/filing.ts";
import type { Runtime } from "../runtime.ts";
import type { ActedBy } from "../subject-request/acted-by.ts";
import type { RequestDecisions } from "../subject-request/request-decisions.ts";
import type { RequestDesk } from "../subject-request/request-desk.ts";
import { subjectOf } from "./identity.ts";
import { type Route, type RouteContext, routeWithBody } from "./route.ts";
import { OFFICERS, READERS } from "./staff-audience.ts";
import { deskListShape, deskRequestShape, extensionShape, refusalShape } from "./wire.ts";

const MAX_BODY_BYTES = 4096;
const MOST_REQUESTS = 1000;

/** What staff see of people's requests, and decide about them. Nobody's name is in it. */
export function staffRequestRoutes(
  { keys }: Runtime,
  desk: RequestDesk,
  decisions: RequestDecisions,
): readonly Route[] {
  const officerOf = (context: RouteContext<unknown>): ActedBy => {
    const { tenant, subjectId: staff } = subjectOf(context);
    return { role: "privacy-officer", name: staffRef(keys.index, { tenant, staff }) };
  };
  const shown = async ({ tenant, params }: RouteContext<unknown>): Promise<Response> => {
    const request = await desk.show(tenant, params["id"] ?? "");
    if (request === undefined) throw new PrivacyError("ERR_NOT_FOUND");
    return Response.json(request);
  };

  return [
    {
      method: "GET",
      path: "/staff/requests",
      audience: READERS,
      summary: "The open requests, the first due first.",
      query: {
        dueBefore: "Only those due before, RFC 3339 (all).",
        limit: "At most so many, up to 1,000 (100).",
        after: "Those after the request of this id.",
      },
      answers: { 200: deskListShape },
      async handle({ tenant, query }) {
        const dueBefore = readMoment(query, "dueBefore");
        const after = query.get("after");
        const list = await desk.list(tenant, {
          open: true,
          limit: readLimit(query),
          ...(dueBefore && { dueBefore }),
          ...(after !== null && { after }),
        });
        return Response.json(list);
      },
    },
    {
      method: "GET",
      path: "/staff/requests/{id}",
      audience: READERS,
      summary: "One request, and where it stands with every store.",
      answers: { 200: deskRequestShape },
      handle: shown,
    },
    routeWithBody({
      method: "POST",
      path: "/staff/requests/{id}/refuse",
      audience: OFFICERS,
      summary: "Refuses an erasure that nobody has begun to carry out, for a listed reason.",
      body: { maxBytes: MAX_BODY_BYTES, shape: refusalShape },
      answers: { 200: deskRequestShape },
      async handle(context) {
        const which = { tenant: context.tenant, id: context.params["id"] ?? "" };
        await decisions.refuse(which, context.body.reason, officerOf(context));
        return shown(context);
      },
    }),
    routeWithBody({
      method: "POST",
      path: "/staff/requests/{id}/extend",
      audience: OFFICERS,
      summary: "Lets an erasure take longer, once, where the country's rule allows it.",
      body: { maxBytes: MAX_BODY_BYTES, shape: extensionShape },
      answers: { 200: deskRequestShape },
      async handle(context) {
        const which = { tenant: context.tenant, id: context.params["id"] ?? "" };
        await decisions.extend(which, context.body.reason, officerOf(context));
        return shown(context);
      },
    }),
  ];
}

function readLimit(query: URLSearchParams): number {
  const limit = Number(query.get("limit") ?? 100);
  if (Number.isInteger(limit) && limit > 0 && limit <= MOST_REQUESTS) return limit;
  throw invalid("limit");
}

function readMoment(query: URLSearchParams, name: string): Date | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) throw invalid(name);
  return at;
}

function invalid(schemaPath: string): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { issues: [{ code: "format", schemaPath }] });
}
