import { PrivacyError } from "@miniprivacy/core/errors";
import { isDemandId } from "../demand/demand.ts";
import type { DemandService } from "../demand/demand-service.ts";
import type { CertificateStore } from "../erasure/certificate-store.ts";
import { certificateAnswer } from "./certificate-answer.ts";
import { subjectOf } from "./identity.ts";
import { type Route, routeWithBody } from "./route.ts";
import { OFFICERS, READERS } from "./staff-audience.ts";
import {
  certificateShape,
  demandRefusedShape,
  demandShape,
  demandsShape,
  newDemandShape,
} from "./wire.ts";

const MAX_BODY_BYTES = 4096;

/** What platforms demand to be erased for everybody, and the ends of tenants. */
export function demandRoutes(
  demands: DemandService,
  certificates: CertificateStore,
): readonly Route[] {
  return [
    routeWithBody({
      method: "POST",
      path: "/staff/demands",
      audience: OFFICERS,
      summary:
        "Closes the gate and has the selected data of everybody erased. It cannot be taken back.",
      body: { maxBytes: MAX_BODY_BYTES, shape: newDemandShape },
      answers: { 201: demandShape, 409: demandRefusedShape },
      async handle(context) {
        const { tenant, subjectId: staff } = subjectOf(context);
        const result = await demands.open(context.body, { tenant, staff });
        return result.opened
          ? Response.json(result.demand, { status: 201 })
          : Response.json(result, { status: 409 });
      },
    }),
    {
      method: "GET",
      path: "/staff/demands",
      audience: READERS,
      summary: "The demands, the newest first, and how far each has come.",
      answers: { 200: demandsShape },
      handle: async ({ tenant }) => Response.json({ demands: await demands.list(tenant) }),
    },
    {
      method: "GET",
      path: "/staff/demands/{id}",
      audience: READERS,
      summary: "One demand, and how far it has come in every store.",
      answers: { 200: demandShape },
      async handle({ tenant, params }) {
        const demand = await demands.find(tenant, params["id"] ?? "");
        if (demand === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json(demand);
      },
    },
    {
      method: "GET",
      path: "/staff/certificates/{id}",
      audience: READERS,
      summary: "The signed confirmation of a demand with its log proof, or as a page to read.",
      query: {
        format: "`html` for the page.",
        language: "`zh-CN` (default) or `en`, for the page.",
      },
      answers: { 200: [certificateShape, "text/html"] },
      async handle({ tenant, params, query }) {
        const stored = await certificates.find(tenant, params["id"] ?? "");
        // Certificates about one person are for her.
        if (stored === undefined || !isDemandId(stored.requestId))
          throw new PrivacyError("ERR_NOT_FOUND");
        return certificateAnswer(certificates, stored, query);
      },
    },
  ];
}
