import { PrivacyError } from "@miniprivacy/core/errors";
import type { SubjectDataService } from "../subject-request/subject-data-service.ts";
import { subjectOf } from "./identity.ts";
import { type Route, routeWithBody } from "./route.ts";
import { correctedShape, dataShape, exportShape, patchShape } from "./wire.ts";

const MAX_BODY_BYTES = 65_536;

/** What a person sees of her own data, takes along, and corrects. */
export function dataRoutes(data: SubjectDataService): readonly Route[] {
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
      summary: "Corrects the fields given of one row, in every store that holds it.",
      body: { maxBytes: MAX_BODY_BYTES, shape: patchShape },
      answers: { 200: correctedShape },
      async handle(context) {
        const { record = "", id = "" } = context.params;
        const corrected = await data.rectify(subjectOf(context), record, id, context.body);
        if (corrected === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json({ record, id, corrected });
      },
    }),
  ];
}
