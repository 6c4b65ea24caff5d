import * as z from "zod/mini";
import { inputIssues, PrivacyError, type PrivacyErrorCode } from "@miniprivacy/core/errors";
import { clientPolicy, type Language } from "@miniprivacy/core/policy";
import type { BreachService } from "../breach/breach-service.ts";
import { parseConsentDecisions } from "../consent/consent-decision.ts";
import type { ConsentService } from "../consent/consent-service.ts";
import type { SubjectDataService } from "../subject-request/subject-data-service.ts";
import type { CertificateStore } from "../erasure/certificate-store.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectRequestService } from "../subject-request/subject-request-service.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { clientError } from "./error-response.ts";
import type { Route, RouteContext } from "./route.ts";

/** What the routes are made of. */
export interface RouteServices {
  readonly runtime: Runtime;
  readonly consent: ConsentService;
  readonly data: SubjectDataService;
  readonly requests: SubjectRequestService;
  readonly certificates: CertificateStore;
  readonly breaches: BreachService;
}

const KIB = 1024;

/** Every endpoint there is, in one table. */
export function privacyRoutes(services: RouteServices): readonly Route[] {
  const { runtime, consent, data, requests, certificates, breaches } = services;
  return [
    {
      method: "GET",
      path: "/health",
      audience: "anyone",
      handle: async () => Response.json({ status: "ok" }),
    },
    {
      method: "GET",
      path: "/policy",
      audience: "anyone",
      handle: async () =>
        Response.json(clientPolicy(runtime.policy), {
          headers: { "cache-control": "public, max-age=60" },
        }),
    },
    {
      method: "GET",
      path: "/.well-known/jwks.json",
      audience: "anyone",
      handle: async () =>
        Response.json(
          { keys: [runtime.keys.signer.publicJwk] },
          { headers: { "cache-control": "public, max-age=300" } },
        ),
    },
    {
      method: "GET",
      path: "/notice",
      audience: "subject",
      async handle(context) {
        const { query } = context;
        const purposes =
          query
            .get("purposes")
            ?.split(",")
            .filter((id, i, all) => id && all.indexOf(id) === i) ??
          Object.keys(runtime.policy.purposes);
        const language = (query.get("language") ?? runtime.policy.languages[0]) as Language;
        return Response.json(await consent.serveNotice(subjectOf(context), { language, purposes }));
      },
    },
    {
      method: "POST",
      path: "/consents",
      audience: "subject",
      maxBodyBytes: 512 * KIB,
      handle: (context) => recordConsents(consent, context),
    },
    {
      method: "GET",
      path: "/consents",
      audience: "subject",
      handle: async (context) =>
        Response.json({ consents: await consent.list(subjectOf(context)) }),
    },
    {
      method: "DELETE",
      path: "/consents/{purpose}",
      audience: "subject",
      async handle(context) {
        const purpose = context.params["purpose"] ?? "";
        const receipt = await consent.withdraw(subjectOf(context), purpose);
        return Response.json({ purpose, status: "withdrawn", receipt });
      },
    },
    {
      method: "GET",
      path: "/data",
      audience: "subject",
      handle: async (context) => Response.json({ records: await data.view(subjectOf(context)) }),
    },
    {
      method: "GET",
      path: "/data/export",
      audience: "subject",
      handle: async (context) =>
        Response.json(await data.export(subjectOf(context)), {
          headers: { "content-disposition": 'attachment; filename="my-data.json"' },
        }),
    },
    {
      method: "PUT",
      path: "/data/{record}/{id}",
      audience: "subject",
      maxBodyBytes: 64 * KIB,
      async handle(context) {
        const { record = "", id = "" } = context.params;
        const corrected = await data.rectify(subjectOf(context), record, id, context.body);
        if (corrected === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json({ record, id, corrected });
      },
    },
    {
      method: "POST",
      path: "/requests",
      audience: "subject",
      maxBodyBytes: 4 * KIB,
      async handle(context) {
        const { kind, requestKey } = parseRequestBody(context.body);
        const authenticatedAt = context.identity!.authenticatedAt;
        const opened = await requests.open(subjectOf(context), {
          kind,
          requestKey,
          authenticatedAt,
        });
        return Response.json(opened, { status: 201 });
      },
    },
    {
      method: "GET",
      path: "/requests",
      audience: "subject",
      handle: async (context) =>
        Response.json({ requests: await requests.list(subjectOf(context)) }),
    },
    {
      method: "GET",
      path: "/requests/{id}",
      audience: "anyone",
      async handle(context) {
        const view = await requests.find(
          context.tenant,
          context.params["id"] ?? "",
          ownerProof(context),
        );
        if (view === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json(view);
      },
    },
    {
      method: "GET",
      path: "/certificates/{id}",
      audience: "anyone",
      handle: (context) => certificateResponse(services, context, certificates),
    },
    {
      method: "POST",
      path: "/staff/breaches",
      audience: { roles: ["privacy-officer", "on-call"] },
      maxBodyBytes: 64 * KIB,
      handle: async ({ tenant, body }) =>
        Response.json(await breaches.file(tenant, body), { status: 201 }),
    },
    {
      method: "GET",
      path: "/staff/breaches",
      audience: { roles: ["privacy-officer", "on-call", "auditor"] },
      handle: async ({ tenant }) => Response.json({ breaches: await breaches.list(tenant) }),
    },
    {
      method: "GET",
      path: "/staff/breaches/{id}",
      audience: { roles: ["privacy-officer", "on-call", "auditor"] },
      async handle({ tenant, params }) {
        const found = await breaches.find(tenant, params["id"] ?? "");
        if (found === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json(found);
      },
    },
  ];
}

async function recordConsents(consent: ConsentService, context: RouteContext): Promise<Response> {
  const decisions = parseConsentDecisions(context.body);
  const results: (
    | { status: number; receipt: string }
    | { status: number; code: PrivacyErrorCode }
  )[] = [];
  for (const decision of decisions) {
    try {
      results.push({ status: 201, receipt: await consent.record(subjectOf(context), decision) });
    } catch (error) {
      const { code, status } = clientError(error);
      if (status >= 500) throw error;
      results.push({ status, code });
    }
  }
  return Response.json({ results }, { status: results.length === 1 ? results[0]!.status : 207 });
}

async function certificateResponse(
  { requests }: RouteServices,
  context: RouteContext,
  certificates: CertificateStore,
): Promise<Response> {
  const { tenant, params, query } = context;
  const proof = ownerProof(context);
  const stored = await certificates.find(tenant, params["id"] ?? "");
  const owned = stored && (await requests.find(tenant, stored.requestId, proof));
  if (stored === undefined || owned === undefined) throw new PrivacyError("ERR_NOT_FOUND");
  if (query.get("format") === null) return Response.json({ certificate: stored.statement });
  if (query.get("format") !== "html") throw new PrivacyError("ERR_INPUT_INVALID");
  const html = certificates.render(stored, query.get("language") === "en" ? "en" : "zh-CN");
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}

/** The session, or the token shown when the request was opened, which outlives the session. */
function ownerProof({ request, identity }: RouteContext): {
  readonly subjectId?: string | undefined;
  readonly token?: string | undefined;
} {
  const token = request.headers.get("x-request-token") ?? undefined;
  if (identity === undefined && token === undefined) throw new PrivacyError("ERR_UNAUTHENTICATED");
  return { subjectId: identity?.subjectId, token };
}

function subjectOf({ tenant, identity }: RouteContext): SubjectIdentity {
  if (identity === undefined) throw new PrivacyError("ERR_UNAUTHENTICATED");
  return { tenant, subjectId: identity.subjectId };
}

function parseRequestBody(input: unknown): {
  readonly kind: "erase";
  readonly requestKey?: string | undefined;
} {
  const result = requestBody.safeParse(input);
  if (!result.success)
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(result.error.issues) });
  return result.data;
}

const requestBody = z.strictObject({
  kind: z.literal("erase"),
  requestKey: z.optional(z.string().check(z.regex(/^[\w-]{8,128}$/))),
});
