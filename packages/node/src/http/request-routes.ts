import { PrivacyError } from "@miniprivacy/core/errors";
import type { CertificateStore } from "../erasure/certificate-store.ts";
import type { SubjectRequestService } from "../subject-request/subject-request-service.ts";
import { certificateAnswer } from "./certificate-answer.ts";
import { subjectOf } from "./identity.ts";
import { type Route, type RouteContext, routeWithBody } from "./route.ts";
import {
  certificateShape,
  openedRequestShape,
  openRequestShape,
  requestShape,
  requestsShape,
} from "./wire.ts";

const MAX_BODY_BYTES = 4096;
const TOKEN_HEADER = {
  name: "x-request-token",
  meaning: "Shown when the request was opened; in place of a session.",
};

/** Requests of a person, and the certificates they end in. */
export function requestRoutes(
  requests: SubjectRequestService,
  certificates: CertificateStore,
): readonly Route[] {
  return [
    routeWithBody({
      method: "POST",
      path: "/requests",
      audience: "subject",
      summary: "Opens a request. A retried requestKey is the same request.",
      body: { maxBytes: MAX_BODY_BYTES, shape: openRequestShape },
      answers: { 201: openedRequestShape },
      async handle(context) {
        const { kind, requestKey } = context.body;
        const { authenticatedAt } = context.identity!;
        const wish = { kind, requestKey, authenticatedAt };
        return Response.json(await requests.open(subjectOf(context), wish), { status: 201 });
      },
    }),
    {
      method: "GET",
      path: "/requests",
      audience: "subject",
      summary: "The person's requests, newest first.",
      answers: { 200: requestsShape },
      handle: async (context) =>
        Response.json({ requests: await requests.list(subjectOf(context)) }),
    },
    {
      method: "GET",
      path: "/requests/{id}",
      audience: "anyone",
      summary: "One request with the outcomes known so far.",
      tokenHeader: TOKEN_HEADER,
      answers: { 200: requestShape },
      async handle(context) {
        const { tenant, params } = context;
        const view = await requests.find(tenant, params["id"] ?? "", ownerProof(context));
        if (view === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json(view);
      },
    },
    {
      method: "GET",
      path: "/certificates/{id}",
      audience: "anyone",
      summary: "The signed confirmation with its log proof, or as a page to read.",
      tokenHeader: TOKEN_HEADER,
      query: {
        format: "`html` for the page.",
        language: "`zh-CN` (default) or `en`, for the page.",
      },
      answers: { 200: [certificateShape, "text/html"] },
      handle: (context) => certificateResponse(requests, certificates, context),
    },
  ];
}

async function certificateResponse(
  requests: SubjectRequestService,
  certificates: CertificateStore,
  context: RouteContext<unknown>,
): Promise<Response> {
  const { tenant, params, query } = context;
  const proof = ownerProof(context);
  const stored = await certificates.find(tenant, params["id"] ?? "");
  const owned = stored && (await requests.find(tenant, stored.requestId, proof));
  if (stored === undefined || owned === undefined) throw new PrivacyError("ERR_NOT_FOUND");
  return certificateAnswer(certificates, stored, query);
}

/** The session, or the token shown when the request was opened, which outlives the session. */
function ownerProof({ request, identity }: RouteContext<unknown>): {
  readonly subjectId?: string | undefined;
  readonly token?: string | undefined;
} {
  const token = request.headers.get(TOKEN_HEADER.name) ?? undefined;
  if (identity === undefined && token === undefined) throw new PrivacyError("ERR_UNAUTHENTICATED");
  return { subjectId: identity?.subjectId, token };
}
