import { type Remnant, type StepOutcome, stepOutcome } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";
import type { ErasureClaim } from "./erasure-claim.ts";
import type { StoreFault } from "./ask-store.ts";
import type { ScopeDescription } from "./erasure-target.ts";
import type { StoreReader } from "./store-reader.ts";

/** Where an erasure stands with one record of one store. */
export interface ErasureStep {
  readonly store: string;
  readonly record: string;
  readonly position: number;
  /** `null`: it has not been counted yet. */
  readonly countBefore: number | null;
  readonly countAfter: number | null;
  /** Rows that a bulk erasure has erased so far. */
  readonly erased: number;
  readonly readPathProven: boolean;
  readonly remnants: readonly Remnant[];
  /** When the last of it is gone, RFC 3339; `null`: nothing is known to be left, or not until when. */
  readonly until: string | null;
  /** `null`: no attempt has come to its end. */
  readonly outcome: StepOutcome | null;
  /** Attempts that failed since the last that did not. */
  readonly attempts: number;
  /** What the last of them failed with. */
  readonly fault: StoreFault | null;
  readonly description: ScopeDescription | null;
  /** What an officer has filed of what is done by hand. */
  readonly answer: ErasureAnswer | null;
  /** When the outcome was seen, RFC 3339. */
  readonly completedAt: string | null;
}

/** Which erasure. */
type ErasureOf = Pick<ErasureClaim, "tenant" | "requestId">;

/** What became of an erasure by hand. */
export type ErasureAnswer = "erased" | "nothing-held";

export function newStep(store: string, record: string, position: number): ErasureStep {
  return {
    store,
    record,
    position,
    countBefore: null,
    countAfter: null,
    erased: 0,
    readPathProven: false,
    remnants: [],
    until: null,
    outcome: null,
    attempts: 0,
    fault: null,
    description: null,
    answer: null,
    completedAt: null,
  };
}

/** Whether nothing is left to do here, as far as is known. */
export function isErased({ outcome }: ErasureStep): boolean {
  return outcome !== null && outcome !== "failed";
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 600_000;

/** Whether it is done by hand, and nobody has said yet that it is. */
export function awaitsAnswer({ fault }: ErasureStep): boolean {
  return fault === "awaits-answer";
}

/** When failing steps are tried again: twice as long after each attempt of the one that has failed least often. */
export function retryDelay(failing: readonly ErasureStep[]): number {
  const tried = failing.filter((step) => !awaitsAnswer(step));
  // An answer sends for the run when it is filed.
  if (tried.length === 0) return LONGEST_DELAY_MS;
  const attempts = Math.min(...tried.map((step) => step.attempts));
  return Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS);
}

/**
 * Counts before anything is erased. Where counting and reading differ, one of them does not see what is there, and erasing
 * might not either: nothing is erased then. A repeated attempt keeps what earlier ones saw: rows that came later were
 * there too.
 */
export async function observe(step: ErasureStep, reader: StoreReader): Promise<ErasureStep> {
  if (reader.evidence !== "read-back") return step;
  const counted = await reader.count();
  if (!counted.ok) return failed(step, counted.fault);
  const found = await reader.find();
  if (!found.ok) return failed(step, found.fault);
  if (counted.value !== found.value) return failed(step, "count-differs");
  const countBefore = Math.max(step.countBefore ?? 0, found.value);
  return { ...step, countBefore, readPathProven: countBefore > 0 };
}

/** Erases, or leaves that to hands, and asks what erasing left behind and how it was done. */
export async function erase(
  step: ErasureStep,
  reader: StoreReader,
  now: number,
): Promise<ErasureStep> {
  const isManual = reader.evidence === "filed-answer";
  const erased = isManual ? undefined : await reader.erase();
  if (erased?.ok === false) return failed(step, erased.fault);
  const remnants = await reader.remnants(now);
  if (!remnants.ok) return failed(step, remnants.fault);
  const description = await reader.describe();
  if (!description.ok) return failed(step, description.fault);
  const until = latestEnd(remnants.value);
  const fault = isManual && step.answer === null ? "awaits-answer" : null;
  return { ...step, remnants: remnants.value, until, description: description.value, fault };
}

/**
 * Looks for what is left, through `find`; where that path is not proven, counting must see nothing either. A store that
 * cannot be read is taken at its word, and the outcome says so.
 */
export async function readBack(
  step: ErasureStep,
  reader: StoreReader,
  now: number,
): Promise<ErasureStep> {
  const { evidence } = reader;
  if (evidence !== "read-back")
    return isErased(step) || awaitsAnswer(step) ? step : unread(step, evidence, now);
  const found = await reader.find();
  if (!found.ok) return failed(step, found.fault);
  const counted = step.readPathProven ? undefined : await reader.count();
  if (counted?.ok === false) return failed(step, counted.fault);
  const countAfter = Math.max(found.value, counted?.value ?? 0);
  if (countAfter > 0) return { ...failed(step, "still-there"), countAfter };
  const countBefore = step.countBefore ?? 0;
  const outcome = stepOutcome({ ...step, countBefore, countAfter }, now);
  return { ...step, countBefore, countAfter, outcome, attempts: 0, fault: null };
}

export function failed(step: ErasureStep, fault: StoreFault): ErasureStep {
  return {
    ...step,
    countAfter: null,
    outcome: "failed",
    attempts: step.attempts + 1,
    fault,
  };
}

function unread(
  step: ErasureStep,
  evidence: Exclude<StoreReader["evidence"], "read-back">,
  now: number,
): ErasureStep {
  const expires = evidence === "declaration";
  const observation = { ...step, countBefore: 0, countAfter: undefined, expires };
  return { ...step, outcome: stepOutcome(observation, now), attempts: 0, fault: null };
}

export async function loadSteps(
  unit: Unit,
  { tenant, requestId }: ErasureOf,
): Promise<readonly ErasureStep[]> {
  const rows = await unit
    .selectFrom("erasure_step")
    .selectAll()
    .where("tenant", "=", tenant)
    .where("request_id", "=", requestId)
    .orderBy("position")
    .execute();
  return rows.map(
    ({ store, record, position, count_before, count_after, read_path_proven, ...row }) => ({
      store,
      record,
      position,
      countBefore: count_before,
      countAfter: count_after,
      erased: Number(row.erased),
      readPathProven: read_path_proven,
      remnants: row.remnants,
      until: row.until && row.until.toISOString(),
      outcome: row.outcome,
      attempts: row.attempts,
      fault: row.fault,
      description: row.description,
      answer: row.answer,
      completedAt: row.completed_at && row.completed_at.toISOString(),
    }),
  );
}

/** Forgets steps that have become needless. */
export async function dropSteps(
  unit: Unit,
  { tenant, requestId }: ErasureOf,
  steps: readonly ErasureStep[],
): Promise<void> {
  for (const { store, record } of steps)
    await unit
      .deleteFrom("erasure_step")
      .where("tenant", "=", tenant)
      .where("request_id", "=", requestId)
      .where("store", "=", store)
      .where("record", "=", record)
      .execute();
}

/** Writes steps down, new ones and known ones. */
export async function saveSteps(
  unit: Unit,
  { tenant, requestId }: ErasureOf,
  steps: readonly ErasureStep[],
  at: Date,
): Promise<void> {
  if (steps.length === 0) return;
  await unit
    .insertInto("erasure_step")
    .values(
      steps.map((step) => ({
        tenant,
        request_id: requestId,
        store: step.store,
        record: step.record,
        position: step.position,
        count_before: step.countBefore,
        count_after: step.countAfter,
        read_path_proven: step.readPathProven,
        remnants: JSON.stringify(step.remnants),
        until: step.until,
        outcome: step.outcome,
        attempts: step.attempts,
        fault: step.fault,
        description: step.description && JSON.stringify(step.description),
        completed_at: step.outcome && at,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["tenant", "request_id", "store", "record"]).doUpdateSet((excluded) => ({
        position: excluded.ref("excluded.position"),
        count_before: excluded.ref("excluded.count_before"),
        count_after: excluded.ref("excluded.count_after"),
        read_path_proven: excluded.ref("excluded.read_path_proven"),
        remnants: excluded.ref("excluded.remnants"),
        until: excluded.ref("excluded.until"),
        outcome: excluded.ref("excluded.outcome"),
        attempts: excluded.ref("excluded.attempts"),
        fault: excluded.ref("excluded.fault"),
        description: excluded.ref("excluded.description"),
        completed_at: excluded.ref("excluded.completed_at"),
      })),
    )
    .execute();
}

export function latestEnd(remnants: readonly Remnant[]): string | null {
  const times = remnants.map(({ until }) => Date.parse(until));
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
}
