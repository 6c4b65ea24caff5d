import { PrivacyError } from "@miniprivacy/core/errors";
import { observedReads, queryAccessLog } from "../access/access-report.ts";
import type { AccessQuestions } from "../access/access-questions.ts";
import type { Runtime } from "../runtime.ts";
import { subjectOf } from "./identity.ts";
import { type Route, routeWithBody } from "./route.ts";
import { OFFICERS, READERS } from "./staff-audience.ts";
import {
  accessLogShape,
  explainedReadShape,
  explanationShape,
  observedReadsShape,
} from "./wire.ts";

const MOST_ENTRIES = 1000;
const MAX_BODY_BYTES = 16_384;

/** What the operator's staff ask of reads. They name subjects by subjectRef only. */
export function accessRoutes({ database }: Runtime, questions: AccessQuestions): readonly Route[] {
  return [
    routeWithBody({
      method: "POST",
      path: "/staff/access/explain",
      audience: OFFICERS,
      summary:
        "Why a person's data may or may not be read: the decision, what it rests on, what would change it. The officer's own undertaking must be on file.",
      body: { maxBytes: MAX_BODY_BYTES, shape: explainedReadShape },
      answers: { 200: explanationShape },
      async handle(context) {
        const { tenant, subjectId: staff } = subjectOf(context);
        const { subject: subjectId, ...query } = context.body;
        return Response.json(await questions.explain({ ...query, tenant, subjectId, staff }));
      },
    }),
    {
      method: "GET",
      path: "/staff/access/log",
      audience: READERS,
      summary: "Who read which categories for which purpose, oldest first; at most 1,000 entries.",
      query: {
        since: "From when on, RFC 3339 (the beginning).",
        until: "Up to when, RFC 3339 (now).",
        purpose: "Of one purpose only.",
        category: "That read this category.",
        caller: "By one caller only.",
      },
      answers: { 200: accessLogShape },
      async handle({ tenant, query }) {
        const named = (name: string) => {
          const value = query.get(name);
          return value === null ? {} : { [name]: value };
        };
        const entries = await queryAccessLog(database.tables, tenant, {
          ...moment(query, "since"),
          ...moment(query, "until"),
          ...named("purpose"),
          ...named("category"),
          ...named("caller"),
          limit: MOST_ENTRIES,
        });
        return Response.json({ entries });
      },
    },
    {
      method: "GET",
      path: "/staff/access/observed",
      audience: READERS,
      summary: "Reads that observing let through and that will be denied once it is over.",
      query: { since: "From when on, RFC 3339 (the beginning)." },
      answers: { 200: observedReadsShape },
      async handle({ tenant, query }) {
        const { since = new Date(0) } = moment(query, "since");
        return Response.json({ reads: await observedReads(database.tables, tenant, since) });
      },
    },
  ];
}

function moment(query: URLSearchParams, name: string): { readonly [name: string]: Date } {
  const value = query.get(name);
  if (value === null) return {};
  const at = new Date(value);
  if (Number.isNaN(at.getTime()))
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: [{ code: "format", schemaPath: name }] });
  return { [name]: at };
}
