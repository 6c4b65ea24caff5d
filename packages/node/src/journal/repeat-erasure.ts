import type { RequestState } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";
import { dropSteps, loadSteps, saveSteps } from "../erasure/erasure-step.ts";
import { eraseOwnRecords, isOwnStep } from "../erasure/own-records.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import { moveRequest } from "../subject-request/move-request.ts";
import { requestToken, tokenHash } from "../subject-request/request-token.ts";
import type { ErasureEntry } from "./erasure-ledger.ts";
import type { DatedEntry } from "./ledger-entry.ts";

/** An erasure that was done. */
export type DoneErasure = Extract<DatedEntry<ErasureEntry>, { readonly phase: "done" }>;

/**
 * Repeats on our own records an erasure that a restored database does not know to be done, in the caller's transaction: by
 * the name the records had then, so that nobody else is touched and nobody who came back. What was seen in the host's
 * stores is taken from the journal, and they are left alone: they were not restored with our database, or are replayed
 * on their own. With its own records gone the request goes on like one whose process died there, up to a new certificate.
 */
export async function repeatErasure(
  runtime: Pick<Runtime, "keys" | "now" | "policy">,
  logUnit: LogUnit,
  done: DoneErasure,
): Promise<void> {
  const { unit } = logUnit;
  const at = new Date(runtime.now());
  await lockLogHead(unit);
  const state = await loadState(unit, done);
  if (state === undefined) await insertLost(unit, runtime, done);
  const known = await loadSteps(unit, done);
  // Begun again: it went this far before.
  if (known.some(isOwnStep)) return;
  if (state !== undefined && state !== "executing")
    await moveRequest(logUnit, at, { ...done, id: done.requestId, state }, { event: "execute" });
  await dropSteps(unit, done, known);
  const steps = done.steps.filter((step) => !isOwnStep(step));
  await saveSteps(unit, done, steps, at);
  await eraseOwnRecords(runtime, logUnit, done, steps.length);
}

async function loadState(
  unit: Unit,
  { tenant, requestId }: DoneErasure,
): Promise<RequestState | undefined> {
  const row = await unit
    .selectFrom("subject_request")
    .select("state")
    .where("tenant", "=", tenant)
    .where("id", "=", requestId)
    .executeTakeFirst();
  return row && (row.state as RequestState);
}

/** A request that came after the backup: its token, made of keys, still reaches it. */
async function insertLost(
  unit: Unit,
  { keys }: Pick<Runtime, "keys">,
  { tenant, requestId, subjectRef, receivedAt, dueAt, commitment }: DoneErasure,
): Promise<void> {
  await unit
    .insertInto("subject_request")
    .values({
      tenant,
      id: requestId,
      subject_ref: subjectRef,
      kind: "erase",
      state: "executing",
      token_hash: tokenHash(requestToken(keys, tenant, requestId)),
      received_at: receivedAt,
      due_at: dueAt,
      commitment,
      certificate_id: null,
    })
    .execute();
}
