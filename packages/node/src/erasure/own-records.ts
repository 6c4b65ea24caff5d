import { stepOutcome } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";
import { seal } from "../key/seal.ts";
import { appendInTransaction, lockLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";
import { unlinkSubject } from "../subject/subject-store.ts";
import { OWN_STORE, type RunRequest } from "./erasure-target.ts";

const DAY_MS = 86_400_000;

/** Our own records of the person: consent bodies go (or are sealed as evidence), then the link to her name. */
export async function eraseOwnRecords(
  runtime: Runtime,
  request: RunRequest,
  position: number,
): Promise<void> {
  const { tenant, subjectRef } = request;
  const { tables } = runtime.database;
  const now = runtime.now();
  const keepDays = runtime.policy.evidence?.keepDays;
  const keepUntil = keepDays === undefined ? undefined : new Date(now + keepDays * DAY_MS);
  await planOwnStep(
    tables,
    request,
    "consent",
    position,
    await countConsents(tables, tenant, subjectRef),
  );
  await planOwnStep(
    tables,
    request,
    "subject",
    position + 1,
    await countLinks(tables, tenant, subjectRef),
  );
  await tables.transaction().execute(async (unit) => {
    await recordErasure(unit, request, now);
    if (keepUntil !== undefined) await sealEvidence(unit, runtime, request, keepUntil);
    await unit
      .deleteFrom("log_event")
      .where("tenant", "=", tenant)
      .where("subject_ref", "=", subjectRef)
      .where("kind", "=", "consent")
      .execute();
    await unlinkSubject(unit, tenant, subjectRef);
  });
  await completeOwnStep(
    tables,
    request,
    "consent",
    await countConsents(tables, tenant, subjectRef),
    now,
    keepUntil,
  );
  await completeOwnStep(
    tables,
    request,
    "subject",
    await countLinks(tables, tenant, subjectRef),
    now,
  );
}

/**
 * Says in the log which leaves have lost their bodies, so that their absence is no riddle. It moves the head: a consent
 * that another process is just appending for this person is checked again, and finds her gone.
 */
async function recordErasure(
  unit: Unit,
  { tenant, requestId, subjectRef }: RunRequest,
  now: number,
): Promise<void> {
  const at = new Date(now);
  await lockLogHead(unit);
  const leaves = await unit
    .selectFrom("log_event")
    .select("leaf_index")
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", subjectRef)
    .where("kind", "=", "consent")
    .orderBy("leaf_index")
    .execute();
  const content = {
    type: "erasure",
    schemaVersion: "1",
    requestId,
    leaves: leaves.map(({ leaf_index }) => Number(leaf_index)),
    at: at.toISOString(),
  };
  await appendInTransaction(
    unit,
    { tenant, kind: "erasure", subjectRef, dedupeKey: null, content },
    at,
  );
}

async function sealEvidence(
  unit: Unit,
  { keys }: Runtime,
  request: RunRequest,
  keepUntil: Date,
): Promise<void> {
  const { tenant, subjectRef } = request;
  const bodies = await unit
    .selectFrom("log_event")
    .select(["leaf_index", "body", "blinding", "statement"])
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", subjectRef)
    .where("kind", "=", "consent")
    .execute();
  for (const { leaf_index, body, blinding, statement } of bodies) {
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

async function planOwnStep(
  unit: Unit,
  { tenant, requestId }: RunRequest,
  record: string,
  position: number,
  countBefore: number,
): Promise<void> {
  await unit
    .insertInto("erasure_step")
    .values({
      tenant,
      request_id: requestId,
      store: OWN_STORE,
      record,
      position,
      count_before: countBefore,
      read_path_proven: true,
      remnants: JSON.stringify([]),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function completeOwnStep(
  unit: Unit,
  { tenant, requestId }: RunRequest,
  record: string,
  countAfter: number,
  now: number,
  keepUntil?: Date,
): Promise<void> {
  const step = unit
    .updateTable("erasure_step")
    .where("tenant", "=", tenant)
    .where("request_id", "=", requestId)
    .where("store", "=", OWN_STORE)
    .where("record", "=", record);
  const { count_before: countBefore } = await unit
    .selectFrom("erasure_step")
    .select("count_before")
    .where("tenant", "=", tenant)
    .where("request_id", "=", requestId)
    .where("store", "=", OWN_STORE)
    .where("record", "=", record)
    .executeTakeFirstOrThrow();
  const seen = { countBefore: countBefore ?? 0, countAfter, readPathProven: true, remnants: [] };
  const retained = keepUntil !== undefined && seen.countBefore > 0;
  await step
    .set({
      count_after: countAfter,
      outcome: retained ? "retained-by-law" : stepOutcome(seen, now),
      until: retained ? keepUntil : null,
      completed_at: new Date(now),
    })
    .execute();
}

async function countConsents(unit: Unit, tenant: string, ref: string): Promise<number> {
  const { count } = await unit
    .selectFrom("log_event")
    .select((select) => select.fn.countAll().as("count"))
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", ref)
    .where("kind", "=", "consent")
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function countLinks(unit: Unit, tenant: string, ref: string): Promise<number> {
  const { count } = await unit
    .selectFrom("subject")
    .select((select) => select.fn.countAll().as("count"))
    .where("tenant", "=", tenant)
    .where("ref", "=", ref)
    .executeTakeFirstOrThrow();
  return Number(count);
}
