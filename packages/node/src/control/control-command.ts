import { inputIssues, PrivacyError } from "@miniprivacy/core/errors";
import type { AccessExplanation } from "@miniprivacy/core";
import { parsePolicy } from "@miniprivacy/core/policy";
import * as z from "zod/mini";
import type { AccessQuestions, PolicyTrial } from "../access/access-questions.ts";
import {
  type AccessLogEntry,
  type ObservedReads,
  observedReads,
  queryAccessLog,
} from "../access/access-report.ts";
import type { Database } from "../database/database.ts";
import type { Demand } from "../demand/demand.ts";
import { dataSelectorShape, demandTriggerShape } from "../demand/demand-shape.ts";
import type { PlannedDemand } from "../demand/demand-plan.ts";
import type { OpenResult } from "../demand/demand-service.ts";
import { findDemand, loadDemands } from "../demand/demand-store.ts";
import type { DrillStatus } from "../erasure/erasure-drill.ts";
import type { PlannedErasure } from "../erasure/erasure-plan.ts";
import type { StoreReplayStatus } from "../erasure/store-replay.ts";
import { type UnfinishedErasure, unfinishedErasures } from "../erasure/erasure-status.ts";
import type { Replay, ReplayStatus } from "../journal/replay.ts";
import type { Journal } from "../journal/journal.ts";
import {
  createRequestDesk,
  type DeskList,
  type DeskRequest,
  type RequestDesk,
} from "../subject-request/request-desk.ts";
import type { OpenedRequest } from "../subject-request/subject-request-service.ts";
import { type LogStatus, logStatus } from "./log-status.ts";
import type { OperatorHand } from "./operator-hand.ts";

/** What a command works on, in the process that holds it. */
export interface ControlledDeployment {
  readonly database: Database;
  readonly journal: Journal | undefined;
  /** Where a deployment runs; a command beside it has the policy it was given. */
  readonly questions?: AccessQuestions;
  /** While the deployment is behind its journal. */
  readonly replay?: Replay;
  /** Where the host's stores are reached; not while the deployment is behind its journal. */
  readonly hand?: OperatorHand;
  /** Of the controller (not known). */
  readonly country?: string;
  /** Epoch milliseconds (the system's clock). */
  readonly now?: () => number;
}

/** A command as it is sent. */
export interface ControlRequest {
  readonly command: ControlCommandName;
  /** Who gave it. */
  readonly actor: string;
  readonly input: object;
}

/** @throws PrivacyError `ERR_INPUT_INVALID` when the input is not the command's. */
type RunControl<Result> = (
  deployment: ControlledDeployment,
  input: unknown,
  actor: string,
) => Promise<Result>;

const tenant = z.string();
/** The host's id of a person: a text that stays itself in a database. */
const subject = z.string().check(z.maxLength(256), z.regex(/^[^\0\p{Surrogate}]+$/u));
const moment = z.iso.datetime({ offset: true });

/** Every command that a running deployment carries out for the command line. */
export const CONTROL_COMMANDS: {
  readonly "log-status": RunControl<LogStatus>;
  readonly "access-log": RunControl<{ readonly entries: readonly AccessLogEntry[] }>;
  readonly "access-observed": RunControl<{ readonly reads: readonly ObservedReads[] }>;
  readonly "access-explain": RunControl<AccessExplanation>;
  readonly "access-what-if": RunControl<PolicyTrial>;
  readonly "request-list": RunControl<DeskList>;
  readonly "request-show": RunControl<DeskRequest>;
  readonly "request-erase": RunControl<OpenedRequest>;
  readonly "erasure-run": RunControl<DeskRequest>;
  readonly "erasure-plan": RunControl<{ readonly stores: readonly PlannedErasure[] }>;
  readonly "demand-plan": RunControl<{ readonly stores: readonly PlannedDemand[] }>;
  readonly "demand-open": RunControl<OpenResult>;
  readonly "demand-status": RunControl<{ readonly demands: readonly Demand[] }>;
  readonly "erasure-status": RunControl<{ readonly erasures: readonly UnfinishedErasure[] }>;
  readonly "erasure-drill": RunControl<DrillStatus>;
  readonly "replay-store": RunControl<StoreReplayStatus>;
  readonly replay: RunControl<ReplayStatus | { readonly state: "current" }>;
} = {
  "log-status": command(z.strictObject({}), (deployment) => logStatus(deployment)),
  "access-log": command(
    z.strictObject({
      tenant,
      since: z.exactOptional(moment),
      until: z.exactOptional(moment),
      purpose: z.exactOptional(z.string()),
      category: z.exactOptional(z.string()),
      caller: z.exactOptional(z.string()),
      limit: z.int().check(z.positive()),
    }),
    async ({ database }, { tenant: of, since, until, ...query }) => ({
      entries: await queryAccessLog(database.tables, of, {
        ...query,
        ...(since !== undefined && { since: new Date(since) }),
        ...(until !== undefined && { until: new Date(until) }),
      }),
    }),
  ),
  "access-observed": command(
    z.strictObject({ tenant, since: moment }),
    async ({ database }, { tenant: of, since }) => ({
      reads: await observedReads(database.tables, of, new Date(since)),
    }),
  ),
  "access-explain": command(
    z.strictObject({
      tenant,
      subject: z.string(),
      purpose: z.string(),
      categories: z.array(z.string()),
      recipient: z.exactOptional(z.string()),
      abroad: z.exactOptional(z.boolean()),
    }),
    (deployment, { subject: subjectId, ...query }) =>
      questionsOf(deployment).explain({ ...query, subjectId }),
  ),
  "access-what-if": command(
    z.strictObject({ tenant, policy: z.unknown(), since: moment }),
    (deployment, { tenant: of, policy, since }) =>
      questionsOf(deployment).tryPolicy(of, parsePolicy(policy), new Date(since)),
  ),
  "request-list": command(
    z.strictObject({
      tenant,
      open: z.boolean(),
      dueBefore: z.exactOptional(moment),
      limit: z.int().check(z.positive()),
    }),
    (deployment, { tenant: of, dueBefore, ...query }) =>
      deskOf(deployment).list(of, {
        ...query,
        ...(dueBefore !== undefined && { dueBefore: new Date(dueBefore) }),
      }),
  ),
  "request-show": command(
    z.strictObject({ tenant, id: z.string() }),
    (deployment, { tenant: of, id }) => showRequest(deployment, of, id),
  ),
  "request-erase": command(
    z.strictObject({ tenant, subject }),
    (deployment, { tenant: of, subject: subjectId }, actor) =>
      handOf(deployment).openErasure(
        { tenant: of, subjectId },
        { role: "command-line", name: actor },
      ),
  ),
  "erasure-run": command(
    z.strictObject({ tenant, id: z.string() }),
    async (deployment, { tenant: of, id }) => {
      const request = await showRequest(deployment, of, id);
      handOf(deployment).attempt(of, id);
      return request;
    },
  ),
  "erasure-plan": command(
    z.strictObject({ tenant, subject }),
    async (deployment, { tenant: of, subject: subjectId }) => ({
      stores: await handOf(deployment).plan({ tenant: of, subjectId }),
    }),
  ),
  "demand-plan": command(
    z.strictObject({ tenant, selector: dataSelectorShape }),
    async (deployment, { tenant: of, selector }) => ({
      stores: await handOf(deployment).planDemand(of, selector),
    }),
  ),
  "demand-open": command(
    z.strictObject({
      tenant,
      trigger: demandTriggerShape,
      selector: dataSelectorShape,
      dueAt: z.exactOptional(moment),
      undated: z.exactOptional(z.literal("erase")),
    }),
    (deployment, { tenant: of, ...demand }, actor) =>
      handOf(deployment).openDemand(demand, { tenant: of, staff: actor }),
  ),
  "demand-status": command(
    z.strictObject({ tenant, id: z.exactOptional(z.string()) }),
    async ({ database }, { tenant: of, id }) => {
      if (id === undefined) return { demands: await loadDemands(database.tables, of) };
      const demand = await findDemand(database.tables, of, id);
      if (demand === undefined) throw new PrivacyError("ERR_NOT_FOUND");
      return { demands: [demand] };
    },
  ),
  "erasure-status": command(z.strictObject({}), async ({ database }) => ({
    erasures: await unfinishedErasures(database.tables),
  })),
  "erasure-drill": command(z.strictObject({}), (deployment, _input, actor) =>
    handOf(deployment).drill({ actor }),
  ),
  "replay-store": command(
    z.strictObject({ store: z.string(), snapshotAt: moment, nobodyWrote: z.boolean() }),
    (deployment, input, actor) => handOf(deployment).replayStore({ ...input, actor }),
  ),
  replay: command(
    z.strictObject({ beginJournal: z.boolean() }),
    async ({ replay }, { beginJournal }, actor) =>
      replay === undefined ? { state: "current" } : replay.advance({ actor, beginJournal }),
  ),
};

/** @throws PrivacyError `ERR_NOT_FOUND` */
async function showRequest(
  deployment: ControlledDeployment,
  of: string,
  id: string,
): Promise<DeskRequest> {
  const request = await deskOf(deployment).show(of, id);
  if (request === undefined) throw new PrivacyError("ERR_NOT_FOUND");
  return request;
}

/** @throws PrivacyError `ERR_DATABASE_BEHIND_JOURNAL` */
function handOf({ hand }: ControlledDeployment): OperatorHand {
  if (hand === undefined) throw new PrivacyError("ERR_DATABASE_BEHIND_JOURNAL");
  return hand;
}

function deskOf({ now = Date.now, ...deployment }: ControlledDeployment): RequestDesk {
  return createRequestDesk({ ...deployment, now });
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` when nobody says which policy is in force. */
function questionsOf({ questions }: ControlledDeployment): AccessQuestions {
  if (questions !== undefined) return questions;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the policy in force is not known" });
}

function command<Input, Result extends object>(
  schema: z.ZodMiniType<Input>,
  run: (deployment: ControlledDeployment, input: Input, actor: string) => Promise<Result>,
): RunControl<Result> {
  return (deployment, input, actor) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(deployment, parsed.data, actor);
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(parsed.error.issues) });
  };
}

export type ControlCommandName = keyof typeof CONTROL_COMMANDS;
export type ControlResult<Name extends ControlCommandName> = Awaited<
  ReturnType<(typeof CONTROL_COMMANDS)[Name]>
>;
