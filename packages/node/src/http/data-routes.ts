import { PrivacyError } from "@miniprivacy/core/errors";
import type { RectificationService } from "../subject-request/rectification-service.ts";
import type { SubjectDataService } from "../subject-request/subject-data-service.ts";
import { subjectOf } from "./identity.ts";
import { type Route, routeWithBody } from "./route.ts";
import { correctedShape, dataShape, exportShape, patchShape } from "./wire.ts";

const MAX_BODY_BYTES = 65_536;

/** What a person sees of her own data, takes along, and corrects. */
export function dataRoutes(
  data: SubjectDataService,
  rectifications: RectificationService,
): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/data",
      audience: "subject",
      summary: "Everything the stores hold of the person.",
      answers: { 200: dataShape },
      handle: async (context) => Response.json({ records: await data.view(subjectOf(context)) }),
    },
    {
      method: "GET",
      path: "/data/export",
      audience: "subject",
      summary: "The same as one document to keep, with consents and policy.",
      answers: { 200: exportShape },
      handle: async (context) =>
        Response.json(await data.export(subjectOf(context)), {
          headers: { "content-disposition": 'attachment; filename="my-data.json"' },
        }),
    },
    routeWithBody({
      method: "PUT",
      path: "/data/{record}/{id}",
      audience: "subject",
      summary:
        "Corrects the fields given of one row, in every store that holds it. 207 when a store failed or refused: the answer says which, and asking again is safe.",
      body: { maxBytes: MAX_BODY_BYTES, shape: patchShape },
      answers: { 200: correctedShape, 207: correctedShape },
      async handle(context) {
        const { record = "", id = "" } = context.params;
        const subject = subjectOf(context);
        const correction = await rectifications.rectify(subject, record, id, context.body);
        if (correction === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        const status = correction.corrected.length > 0 ? 200 : 207;
        return Response.json({ record, id, ...correction }, { status });
      },
    }),
  ];
}
