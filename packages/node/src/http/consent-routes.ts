import { DEVICE_HEADER, OPT_OUT_HEADER, statesOptOut } from "../consent/consent-proof.ts";
import type { ConsentRecords } from "../consent/consent-records.ts";
import type { ConsentService, DecisionOutcome } from "../consent/consent-service.ts";
import type { DecisionIntake } from "../consent/decision-intake.ts";
import type { NoticeService } from "../consent/notice-service.ts";
import type { ConsentRecord } from "@miniprivacy/core";
import { consentRecordToDpv, consentRecordToKantara } from "@miniprivacy/core/consent";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Language } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";
import type { ConsentSubject } from "../subject/subject-identity.ts";
import { ERROR_STATUS } from "./error-response.ts";
import { consentSubjectOf, subjectOf } from "./identity.ts";
import { type Route, type RouteContext, routeWithBody } from "./route.ts";
import {
  consentsShape,
  type DecisionResult,
  decisionResultsShape,
  decisionsShape,
  errorShape,
  noticeShape,
  withdrawnShape,
} from "./wire.ts";

const MAX_BODY_BYTES = 524_288;
const SURFACE = /^[\w.-]{1,64}$/;
const HEADERS = {
  [DEVICE_HEADER]:
    "The device's secret: in place of a sign-in, or beside the first one, to take over what was decided before it.",
  [OPT_OUT_HEADER]:
    "`1`: this browser's person refuses marketing and sharing, also what was given before.",
};

/** Asking, deciding, withdrawing: by a person, or by a device before anybody signed in on it. */
export function consentRoutes(
  { policy }: Runtime,
  {
    notices,
    consent,
    intake,
    records,
  }: {
    readonly records: ConsentRecords;
    readonly notices: NoticeService;
    readonly consent: ConsentService;
    readonly intake: DecisionIntake;
  },
): readonly Route[] {
  /**
   * Whose call it is. The first signed-in call of a device takes its decisions over; the browser's objection counts from
   * any call on.
   */
  async function subjectOfCall(
    context: RouteContext<unknown>,
    decides = false,
  ): Promise<ConsentSubject> {
    const subject = consentSubjectOf(context);
    if ("subjectId" in subject) await intake.takeOver(subject, context.deviceSecret, decides);
    if (statesOptOut(context.request.headers)) await consent.optOut(subject);
    return subject;
  }

  return [
    {
      method: "GET",
      path: "/notice",
      audience: "subject-or-device",
      summary: "The notice to show before a grant, with the token that a grant must bring.",
      query: {
        language: "Language of the text; the policy's first when left out.",
        purposes: "Purpose ids, separated by commas; all when left out.",
        surface: "What will show it, e.g. `element`: kept with the decision.",
      },
      headers: HEADERS,
      answers: { 200: noticeShape },
      async handle(context) {
        const { query } = context;
        const ids = query.get("purposes")?.split(",");
        const purposes = ids ? [...new Set(ids.filter(Boolean))] : Object.keys(policy.purposes);
        if (purposes.length === 0) throw new PrivacyError("ERR_INPUT_INVALID");
        const language = (query.get("language") ?? policy.languages[0]) as Language;
        const surface = parseSurface(query.get("surface"));
        const wish = { language, purposes, ...(surface !== undefined && { surface }) };
        return Response.json(await notices.serve(await subjectOfCall(context), wish));
      },
    },
    routeWithBody({
      method: "POST",
      path: "/consents",
      audience: "subject-or-device",
      summary:
        "Records decisions; one result each. A retried decision is answered as the first time.",
      headers: HEADERS,
      body: { maxBytes: MAX_BODY_BYTES, shape: decisionsShape },
      answers: {
        201: decisionResultsShape,
        207: decisionResultsShape,
        // One decision: its refusal is the answer's; or the call itself was refused.
        ...Object.fromEntries(
          [400, 401, 409, 413, 429].map((status) => [status, [decisionResultsShape, errorShape]]),
        ),
      },
      async handle(context) {
        const subject = await subjectOfCall(context, true);
        const optedOut = statesOptOut(context.request.headers);
        const { deviceSecret, body } = context;
        const outcomes = await consent.record(subject, body.decisions, { optedOut, deviceSecret });
        const results = outcomes.map(decisionResult);
        const status = results.length === 1 ? results[0]!.status : 207;
        return Response.json({ results }, { status, headers: retryAfter(outcomes) });
      },
    }),
    {
      method: "GET",
      path: "/consents",
      audience: "subject-or-device",
      summary: "The state of every purpose, with the receipt of the decision behind it.",
      headers: HEADERS,
      answers: { 200: consentsShape },
      handle: async (context) =>
        Response.json({ consents: await consent.list(await subjectOfCall(context)) }),
    },
    {
      method: "GET",
      path: "/consents/{purpose}/record",
      audience: "subject",
      summary:
        "All that is kept of the person's consent to a purpose, for whoever she shows it to.",
      query: {
        format:
          "`json` (when left out), `dpv` (JSON-LD after ISO/IEC TS 27560), or `kantara` (1.1).",
      },
      answers: { 200: "application/json" },
      async handle(context) {
        const record = await records.load(subjectOf(context), context.params["purpose"] ?? "");
        if (record === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json(recordForm(context.query.get("format"))(record));
      },
    },
    {
      method: "DELETE",
      path: "/consents/{purpose}",
      audience: "subject-or-device",
      summary: "Withdraws the consent to one purpose.",
      headers: HEADERS,
      answers: { 200: withdrawnShape },
      async handle(context) {
        const purpose = context.params["purpose"] ?? "";
        const outcome = await consent.withdraw(await subjectOfCall(context, true), purpose);
        if ("code" in outcome) throw new PrivacyError(outcome.code);
        return Response.json({ purpose, status: "withdrawn", receipt: outcome.receipt });
      },
    },
  ];
}

/** A refusal is the result of its own decision only. */
function decisionResult(outcome: DecisionOutcome): DecisionResult {
  if ("receipt" in outcome) return { status: 201, receipt: outcome.receipt };
  const { code, reason } = outcome;
  return { status: ERROR_STATUS[code] ?? 500, code, ...(reason !== undefined && { reason }) };
}

function retryAfter(outcomes: readonly DecisionOutcome[]): Record<string, string> {
  const waits = outcomes.map((outcome) => ("code" in outcome ? (outcome.retryAfterMs ?? 0) : 0));
  const longest = Math.max(...waits);
  return longest > 0 ? { "retry-after": String(Math.ceil(longest / 1000)) } : {};
}

function recordForm(format: string | null): (record: ConsentRecord) => object {
  switch (format) {
    case null:
    case "json":
      return (record) => record;
    case "dpv":
      return consentRecordToDpv;
    case "kantara":
      return consentRecordToKantara;
    default:
      throw new PrivacyError("ERR_INPUT_INVALID", {
        issues: [{ code: "value", schemaPath: "format" }],
      });
  }
}

function parseSurface(given: string | null): string | undefined {
  if (given === null) return undefined;
  if (SURFACE.test(given)) return given;
  throw new PrivacyError("ERR_INPUT_INVALID", {
    issues: [{ code: "format", schemaPath: "surface" }],
  });
}
