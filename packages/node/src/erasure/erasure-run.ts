import { type Remnant, type StepObservation, stepOutcome } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Unit } from "../database/database.ts";
import { unseal } from "../key/seal.ts";
import type { Runtime } from "../runtime.ts";
import { erasureRunKey, moveRequest } from "../subject-request/subject-request-service.ts";
import { issueErasureCertificate } from "./erasure-certificate.ts";
import { loadRun } from "./erasure-request.ts";
import type { ErasureTarget, RunRequest } from "./erasure-target.ts";
import { eraseOwnRecords } from "./own-records.ts";

export interface ErasureRunner {
  /**
   * Carries out an accepted erasure. Every step can be repeated; finished ones are passed over.
   *
   * @param attempt Counted from 1: a store that still shows the data is tried {@link PATIENCE} times, then said to have failed.
   * @throws PrivacyError `ERR_ERASURE_INCOMPLETE` while another attempt may help.
   */
  run(tenant: string, requestId: string, attempt: number): Promise<void>;
}

/** How often a store is asked to erase before its failure is put in writing. */
const PATIENCE = 3;

export function createErasureRunner(
  runtime: Runtime,
  targets: readonly ErasureTarget[],
): ErasureRunner {
  const { database } = runtime;

  async function run(tenant: string, requestId: string, attempt: number): Promise<void> {
    const request = await loadRun(database.tables, tenant, requestId);
    if (request === undefined) return;
    if (request.state === "accepted") await move(request, "execute");
    const subjectId = unseal(
      erasureRunKey(runtime.keys, request.runSalt),
      request.sealedSubject,
      `${tenant}/${requestId}`,
    ).toString("utf8");
    for (const [position, target] of targets.entries())
      await runStep(request, target, position, subjectId);
    if (attempt < PATIENCE) await requireNoFailedStep(database.tables, request);
    await eraseOwnRecords(runtime, request, targets.length);
    await finish(request);
  }

  async function runStep(
    request: RunRequest,
    target: ErasureTarget,
    position: number,
    subjectId: string,
  ): Promise<void> {
    const { connector, record, store } = target;
    const planned = await planStep(request, target, position, subjectId);
    if (planned.done) return;
    await connector.erase(record, subjectId);
    const left = await readBack(target, subjectId);
    const remnants = await connector.remnants(record, new Date(runtime.now()));
    await completeStep(request, store, record.name, { ...planned, countAfter: left, remnants });
  }

  /** Counts before anything is erased, once: a resumed run keeps the first numbers. */
  async function planStep(
    { tenant, requestId }: RunRequest,
    { connector, record, store }: ErasureTarget,
    position: number,
    subjectId: string,
  ): Promise<{
    readonly done: boolean;
    readonly countBefore: number;
    readonly readPathProven: boolean;
  }> {
    const known = await database.tables
      .selectFrom("erasure_step")
      .select(["count_before", "outcome", "read_path_proven"])
      .where("tenant", "=", tenant)
      .where("request_id", "=", requestId)
      .where("store", "=", store)
      .where("record", "=", record.name)
      .executeTakeFirst();
    if (known !== undefined) {
      const done = known.outcome !== null && known.outcome !== "failed";
      return { done, countBefore: known.count_before ?? 0, readPathProven: known.read_path_proven };
    }
    const countBefore = await connector.count(record, subjectId);
    const readPathProven = (await connector.find(record, subjectId)).length === countBefore;
    await database.tables
      .insertInto("erasure_step")
      .values({
        tenant,
        request_id: requestId,
        store,
        record: record.name,
        position,
        count_before: countBefore,
        read_path_proven: readPathProven,
        remnants: JSON.stringify([]),
      })
      .execute();
    return { done: false, countBefore, readPathProven };
  }

  async function completeStep(
    { tenant, requestId }: RunRequest,
    store: string,
    record: string,
    observation: StepObservation,
  ): Promise<void> {
    const now = runtime.now();
    await database.tables
      .updateTable("erasure_step")
      .set({
        count_after: observation.countAfter ?? null,
        outcome: stepOutcome(observation, now),
        remnants: JSON.stringify(observation.remnants),
        until: latest(observation.remnants),
        completed_at: new Date(now),
      })
      .where("tenant", "=", tenant)
      .where("request_id", "=", requestId)
      .where("store", "=", store)
      .where("record", "=", record)
      .execute();
  }

  async function finish(request: RunRequest): Promise<void> {
    const { tenant, requestId } = request;
    await database.tables.transaction().execute(async (unit) => {
      const { claim, certificateId } = await issueErasureCertificate(
        runtime,
        unit,
        request,
        targets,
      );
      await unit
        .updateTable("subject_request")
        .set({ certificate_id: certificateId, sealed_subject: null, run_salt: null })
        .where("tenant", "=", tenant)
        .where("id", "=", requestId)
        .execute();
      // Requirement WX-4.4.7c: a request whose data is not completely gone is not called fulfilled.
      const event = claim === "deleted" ? "fulfil" : "fulfil-partly";
      await moveRequest(
        unit,
        new Date(runtime.now()),
        { ...request, id: requestId, state: "executing" },
        event,
      );
    });
  }

  async function move(request: RunRequest, event: "execute"): Promise<void> {
    await database.tables
      .transaction()
      .execute((unit) =>
        moveRequest(unit, new Date(runtime.now()), { ...request, id: request.requestId }, event),
      );
  }

  return { run };
}

async function requireNoFailedStep(unit: Unit, { tenant, requestId }: RunRequest): Promise<void> {
  const failed = await unit
    .selectFrom("erasure_step")
    .select("store")
    .where("tenant", "=", tenant)
    .where("request_id", "=", requestId)
    .where("outcome", "=", "failed")
    .executeTakeFirst();
  if (failed !== undefined)
    throw new PrivacyError("ERR_ERASURE_INCOMPLETE", { detail: failed.store });
}

/** Through `find`, not through what deleted: undefined when the store cannot be read. */
async function readBack(
  { connector, record }: ErasureTarget,
  subjectId: string,
): Promise<number | undefined> {
  try {
    return (await connector.find(record, subjectId)).length;
  } catch {
    return undefined;
  }
}

function latest(remnants: readonly Remnant[]): Date | null {
  const times = remnants.map(({ until }) => Date.parse(until));
  return times.length === 0 ? null : new Date(Math.max(...times));
}
