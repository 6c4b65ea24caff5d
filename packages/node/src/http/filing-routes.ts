import { WEIXIN_INSTRUCTIONS } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Policy } from "@miniprivacy/core/policy";
import type { FiledBy, FilingKind, FilingRecords, Filings } from "../access/filing.ts";
import { staffRef } from "../access/filing.ts";
import type { Runtime } from "../runtime.ts";
import { subjectOf } from "./identity.ts";
import { type Route, type RouteContext, routeWithBody } from "./route.ts";
import {
  authorizationsShape,
  authorizationShape,
  filedAuthorizationShape,
  filedOrderShape,
  filedUndertakingShape,
  ordersShape,
  orderShape,
  undertakingsShape,
  undertakingShape,
} from "./wire.ts";

const MAX_BODY_BYTES = 65_536;
const OFFICERS = { roles: ["privacy-officer"] } as const;
const READERS = { roles: ["privacy-officer", "auditor"] } as const;

/** What officers put on file: the platform's authorizations, its orders, undertakings of staff. */
export function filingRoutes(filings: Filings, { policy, keys }: Runtime): readonly Route[] {
  return [
    routeWithBody({
      method: "POST",
      path: "/staff/authorizations",
      audience: OFFICERS,
      summary: "Files what the platform has instructed or consented to in writing.",
      body: { maxBytes: MAX_BODY_BYTES, shape: authorizationShape },
      answers: { 201: filedAuthorizationShape },
      handle: (context) => {
        requireDeclared(policy, context.body);
        return file("platform-authorization", context, context.body);
      },
    }),
    {
      method: "GET",
      path: "/staff/authorizations",
      audience: READERS,
      summary: "The instructions the platform has published, and what was filed.",
      answers: { 200: authorizationsShape },
      handle: async ({ tenant }) =>
        Response.json({
          published: WEIXIN_INSTRUCTIONS,
          filings: await filings.list("platform-authorization", tenant),
        }),
    },
    end("platform-authorization", "/staff/authorizations/{id}", {
      summary: "Takes an authorization off the register: it was withdrawn or replaced.",
      answers: { 200: filedAuthorizationShape },
    }),
    routeWithBody({
      method: "POST",
      path: "/staff/orders",
      audience: OFFICERS,
      summary: "Files a platform's order to stop using data: reads are denied from the answer on.",
      body: { maxBytes: MAX_BODY_BYTES, shape: orderShape },
      answers: { 201: filedOrderShape },
      handle: (context) => {
        const { closes } = context.body;
        if (closes !== "tenant")
          requireDeclared(policy, {
            ...(closes.purpose !== undefined && { purposes: [closes.purpose] }),
            ...(closes.category !== undefined && { categories: [closes.category] }),
          });
        return file("platform-order", context, context.body);
      },
    }),
    list("platform-order", "/staff/orders", {
      summary: "The platform's orders, lifted ones too.",
      answers: { 200: ordersShape },
    }),
    end("platform-order", "/staff/orders/{id}", {
      summary: "Lifts an order.",
      answers: { 200: filedOrderShape },
    }),
    routeWithBody({
      method: "POST",
      path: "/staff/undertakings",
      audience: OFFICERS,
      summary: "Files a member of staff's confidentiality undertaking.",
      body: { maxBytes: MAX_BODY_BYTES, shape: undertakingShape },
      answers: { 201: filedUndertakingShape },
      handle: (context) => {
        const { staff, ...record } = context.body;
        const { tenant } = context;
        const ref = staffRef(keys.index, { tenant, staff });
        return file("undertaking", context, { staffRef: ref, ...record });
      },
    }),
    list("undertaking", "/staff/undertakings", {
      summary: "The undertakings on file, by names that mean nothing elsewhere.",
      answers: { 200: undertakingsShape },
    }),
    end("undertaking", "/staff/undertakings/{id}", {
      summary: "Ends an undertaking: its member of staff reads nobody's data any more.",
      answers: { 200: filedUndertakingShape },
    }),
  ];

  async function file<Kind extends FilingKind>(
    kind: Kind,
    context: RouteContext<unknown>,
    record: FilingRecords[Kind],
  ): Promise<Response> {
    const filed = await filings.file(kind, record, officerOf(context));
    return Response.json(filed, { status: 201 });
  }

  function list(
    kind: FilingKind,
    path: string,
    { summary, answers }: Pick<Route, "summary" | "answers">,
  ): Route {
    return {
      method: "GET",
      path,
      audience: READERS,
      summary,
      answers,
      handle: async ({ tenant }) => Response.json({ filings: await filings.list(kind, tenant) }),
    };
  }

  function end(
    kind: FilingKind,
    path: string,
    { summary, answers }: Pick<Route, "summary" | "answers">,
  ): Route {
    return {
      method: "DELETE",
      path,
      audience: OFFICERS,
      summary,
      answers,
      async handle(context) {
        const ended = await filings.end(kind, context.params["id"] ?? "", officerOf(context));
        if (ended === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json(ended);
      },
    };
  }
}

function officerOf(context: RouteContext<unknown>): FiledBy {
  const { tenant, subjectId } = subjectOf(context);
  return { tenant, staff: subjectId };
}

/** An id nobody declared would bind nothing, and nobody would notice. */
function requireDeclared(
  policy: Policy,
  named: { readonly [Table in "purposes" | "categories" | "recipients"]?: readonly string[] },
): void {
  for (const table of ["purposes", "categories", "recipients"] as const)
    if (named[table]?.some((id) => !Object.hasOwn(policy[table], id)) === true)
      throw new PrivacyError("ERR_INPUT_INVALID", {
        issues: [{ code: "unknown-reference", schemaPath: table }],
      });
}
