import { WEIXIN_INSTRUCTIONS } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Policy } from "@miniprivacy/core/policy";
import type * as z from "zod/mini";
import {
  type FiledBy,
  type FilingKind,
  type FilingRecords,
  type Filings,
  staffRef,
} from "../access/filing.ts";
import type { Runtime } from "../runtime.ts";
import { subjectOf } from "./identity.ts";
import { type Route, type RouteContext, routeWithBody } from "./route.ts";
import { OFFICERS, READERS } from "./staff-audience.ts";
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

/** What officers put on file: the platform's authorizations, its orders, undertakings of staff. */
export function filingRoutes(filings: Filings, { policy, keys }: Runtime): readonly Route[] {
  return [
    ...registerRoutes(filings, {
      kind: "platform-authorization",
      path: "/staff/authorizations",
      files: "Files what the platform has instructed or consented to in writing.",
      lists: "The instructions the platform has published, and what was filed.",
      ends: "Takes an authorization off the register: it was withdrawn or replaced.",
      shapes: {
        body: authorizationShape,
        filed: filedAuthorizationShape,
        list: authorizationsShape,
      },
      recordOf(body) {
        requireDeclared(policy, body);
        return body;
      },
      listedWith: { published: WEIXIN_INSTRUCTIONS },
    }),
    ...registerRoutes(filings, {
      kind: "platform-order",
      path: "/staff/orders",
      files: "Files a platform's order to stop using data: reads are denied from the answer on.",
      lists: "The platform's orders, lifted ones too.",
      ends: "Lifts an order.",
      shapes: { body: orderShape, filed: filedOrderShape, list: ordersShape },
      recordOf(body) {
        const { closes } = body;
        if (closes !== "tenant")
          requireDeclared(policy, {
            ...(closes.purpose !== undefined && { purposes: [closes.purpose] }),
            ...(closes.category !== undefined && { categories: [closes.category] }),
          });
        return body;
      },
    }),
    ...registerRoutes(filings, {
      kind: "undertaking",
      path: "/staff/undertakings",
      files: "Files a member of staff's confidentiality undertaking.",
      lists: "The undertakings on file, by names that mean nothing elsewhere.",
      ends: "Ends an undertaking: its member of staff reads nobody's data any more.",
      shapes: { body: undertakingShape, filed: filedUndertakingShape, list: undertakingsShape },
      recordOf: ({ staff, ...record }, tenant) => ({
        staffRef: staffRef(keys.index, { tenant, staff }),
        ...record,
      }),
    }),
  ];
}

/** One kind of thing on file, and how its endpoints are told. */
interface Register<Kind extends FilingKind, Body extends z.ZodMiniType> {
  readonly kind: Kind;
  readonly path: string;
  /** The summaries of its endpoints. */
  readonly files: string;
  readonly lists: string;
  readonly ends: string;
  readonly shapes: {
    readonly body: Body;
    readonly filed: z.ZodMiniType;
    readonly list: z.ZodMiniType;
  };
  /** What is kept of a body. @throws PrivacyError `ERR_INPUT_INVALID` */
  readonly recordOf: (body: z.infer<Body>, tenant: string) => FilingRecords[Kind];
  /** What is listed beside what was filed (nothing). */
  readonly listedWith?: object;
}

function registerRoutes<Kind extends FilingKind, Body extends z.ZodMiniType>(
  filings: Filings,
  { kind, path, files, lists, ends, shapes, recordOf, listedWith }: Register<Kind, Body>,
): readonly Route[] {
  return [
    routeWithBody({
      method: "POST",
      path,
      audience: OFFICERS,
      summary: files,
      body: { maxBytes: MAX_BODY_BYTES, shape: shapes.body },
      answers: { 201: shapes.filed },
      async handle(context) {
        const record = recordOf(context.body, context.tenant);
        const filed = await filings.file(kind, record, officerOf(context));
        return Response.json(filed, { status: 201 });
      },
    }),
    {
      method: "GET",
      path,
      audience: READERS,
      summary: lists,
      answers: { 200: shapes.list },
      handle: async ({ tenant }) =>
        Response.json({ ...listedWith, filings: await filings.list(kind, tenant) }),
    },
    {
      method: "DELETE",
      path: `${path}/{id}`,
      audience: OFFICERS,
      summary: ends,
      answers: { 200: shapes.filed },
      async handle(context) {
        const ended = await filings.end(kind, context.params["id"] ?? "", officerOf(context));
        if (ended === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json(ended);
      },
    },
  ];
}

function officerOf(context: Pick<RouteContext, "tenant" | "identity">): FiledBy {
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
