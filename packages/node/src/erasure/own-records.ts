import { stepOutcome } from "@miniprivacy/core";
import type { Selectable } from "kysely";
import type { ClearedRemnants } from "../database/clear-remnants.ts";
import type { Unit } from "../database/database.ts";
import type { Tables } from "../database/tables.ts";
import { seal } from "../key/seal.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import { loadDeviceRefs, unlinkSubject } from "../subject/subject-store.ts";
import type { ErasureClaim } from "./erasure-claim.ts";
import { destroySealsOf } from "./erasure-seal.ts";
import { type ErasureStep, latestEnd, newStep, saveSteps } from "./erasure-step.ts";
import { OWN_STORE } from "./erasure-target.ts";

const DAY_MS = 86_400_000;

/** Whose records of ours go, and for which request. */
type OwnErasure = Pick<ErasureClaim, "tenant" | "requestId" | "subjectRef">;

type StoredEvent = Pick<
  Selectable<Tables["log_event"]>,
  "leaf_index" | "body" | "blinding" | "statement"
>;

/** Our own records of the person of a request, in the caller's transaction, and the steps that tell of it. */
export async function eraseOwnRecords(
  runtime: Pick<Runtime, "keys" | "now" | "policy">,
  logUnit: LogUnit,
  claim: OwnErasure,
  position: number,
): Promise<void> {
  const at = new Date(runtime.now());
  const erased = await erasePersonRecords(runtime, logUnit, claim, at);
  await saveSteps(logUnit.unit, claim, ownSteps(position, erased), at);
}

/** What went, counted in the transaction it went in, so that nothing comes in between. */
export interface ErasedRecords {
  readonly consents: BeforeAndAfter;
  readonly links: BeforeAndAfter;
  /** Until when the consents are kept as evidence (they are not). */
  readonly keepUntil: Date | null;
}

interface BeforeAndAfter {
  readonly before: number;
  readonly after: number;
}

/**
 * Our own records of a person and of her devices, in the caller's transaction: consent bodies go (or are sealed as
 * evidence), then the link to her name and every seal of it.
 */
export async function erasePersonRecords(
  runtime: Pick<Runtime, "keys" | "now" | "policy">,
  logUnit: LogUnit,
  person: OwnErasure,
  at: Date,
): Promise<ErasedRecords> {
  const { unit } = logUnit;
  const { tenant, subjectRef } = person;
  await lockLogHead(unit);
  const refs = [subjectRef, ...(await loadDeviceRefs(unit, tenant, subjectRef))];
  const consents = await loadConsentBodies(unit, tenant, refs);
  await recordErasure(logUnit, person, consents, at);
  const keepUntil = consents.length === 0 ? null : evidenceEnd(runtime, at);
  if (keepUntil !== null) await sealEvidence(unit, runtime, tenant, consents, keepUntil);
  await deleteConsents(unit, tenant, refs);
  const links = await unlinkSubject(unit, tenant, subjectRef, at);
  await destroySealsOf(unit, tenant, subjectRef);
  return {
    consents: { before: consents.length, after: await countConsents(unit, tenant, refs) },
    links: { before: links, after: await countLinks(unit, person) },
    keepUntil,
  };
}

/** The steps of our own store. */
export function ownSteps(
  position: number,
  { consents, links, keepUntil }: ErasedRecords,
): readonly ErasureStep[] {
  const until = keepUntil?.toISOString() ?? null;
  return [
    { ...ownStep("consent", position, consents), until },
    ownStep("subject", position + 1, links),
  ];
}

/** Whether a step is one of ours. */
export function isOwnStep({ store }: ErasureStep): boolean {
  return store === OWN_STORE;
}

/** Steps, ours as they stand once what was deleted has been cleared out of the tables. */
export function settleOwnSteps(
  steps: readonly ErasureStep[],
  cleared: ClearedRemnants,
  now: number,
): readonly ErasureStep[] {
  return steps.map((step) => (isOwnStep(step) ? settleOwnStep(step, cleared, now) : step));
}

function settleOwnStep(
  step: ErasureStep,
  { remnants, unknown, technique, version }: ClearedRemnants,
  now: number,
): ErasureStep {
  const countBefore = step.countBefore ?? 0;
  const countAfter = step.countAfter ?? undefined;
  const seen = stepOutcome({ ...step, countBefore, countAfter, remnants }, now);
  // The end of what nobody has declared is not known: residual without an end.
  const known = unknown && seen === "verified-absent" ? "residual-until" : seen;
  return {
    ...step,
    remnants,
    outcome: step.until === null ? known : "retained-by-law",
    until: step.until ?? latestEnd(remnants),
    description: {
      kind: "database",
      dataCategories: [],
      selector: `${OWN_STORE}.${step.record} of {subjectRef}`,
      technique,
      tool: "PostgreSQL",
      toolVersion: version,
    },
  };
}

function ownStep(record: string, position: number, rows: BeforeAndAfter): ErasureStep {
  const step = newStep(OWN_STORE, record, position);
  return {
    ...step,
    countBefore: rows.before,
    countAfter: rows.after,
    readPathProven: rows.before > 0,
  };
}

async function loadConsentBodies(
  unit: Unit,
  tenant: string,
  refs: readonly string[],
): Promise<readonly StoredEvent[]> {
  return unit
    .selectFrom("log_event")
    .select(["leaf_index", "body", "blinding", "statement"])
    .where("tenant", "=", tenant)
    .where("subject_ref", "in", refs)
    .where("kind", "=", "consent")
    .orderBy("leaf_index")
    .execute();
}

/**
 * Says in the log which leaves lose their bodies, so that their absence is no riddle. It moves the head: a consent that
 * another process is just appending for this person is checked again, and finds her gone.
 */
async function recordErasure(
  { append }: LogUnit,
  { tenant, requestId, subjectRef }: OwnErasure,
  consents: readonly StoredEvent[],
  at: Date,
): Promise<void> {
  const content = {
    type: "erasure",
    schemaVersion: "1",
    requestId,
    leaves: consents.map(({ leaf_index }) => Number(leaf_index)),
    at: at.toISOString(),
  };
  await append({ tenant, kind: "erasure", subjectRef, dedupeKey: null, content }, at);
}

function evidenceEnd({ policy }: Pick<Runtime, "policy">, at: Date): Date | null {
  const { evidence } = policy;
  return evidence === undefined ? null : new Date(at.getTime() + evidence.keepDays * DAY_MS);
}

async function sealEvidence(
  unit: Unit,
  { keys }: Pick<Runtime, "keys">,
  tenant: string,
  consents: readonly StoredEvent[],
  keepUntil: Date,
): Promise<void> {
  for (const { leaf_index, body, blinding, statement } of consents) {
    const content = {
      body: body.toString("base64"),
      blinding: blinding.toString("base64"),
      statement,
    };
    const sealed = seal(
      keys.evidence,
      Buffer.from(JSON.stringify(content)),
      `${tenant}/${leaf_index}`,
    );
    await unit
      .insertInto("log_evidence")
      .values({ tenant, leaf_index, sealed, keep_until: keepUntil })
      .execute();
  }
}

async function deleteConsents(unit: Unit, tenant: string, refs: readonly string[]): Promise<void> {
  await unit
    .deleteFrom("log_event")
    .where("tenant", "=", tenant)
    .where("subject_ref", "in", refs)
    .where("kind", "=", "consent")
    .execute();
}

async function countConsents(unit: Unit, tenant: string, refs: readonly string[]): Promise<number> {
  const { count } = await unit
    .selectFrom("log_event")
    .select((select) => select.fn.countAll().as("count"))
    .where("tenant", "=", tenant)
    .where("subject_ref", "in", refs)
    .where("kind", "=", "consent")
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function countLinks(unit: Unit, { tenant, subjectRef }: OwnErasure): Promise<number> {
  const { count } = await unit
    .selectFrom("subject")
    .select((select) => select.fn.countAll().as("count"))
    .where("tenant", "=", tenant)
    .where((where) =>
      where.or([where("ref", "=", subjectRef), where("linked_to", "=", subjectRef)]),
    )
    .executeTakeFirstOrThrow();
  return Number(count);
}
