import type { RequestKind } from "@miniprivacy/core";
import { type FiledBy, staffRef } from "../access/filing.ts";
import type { Unit } from "../database/database.ts";
import type { Runtime } from "../runtime.ts";
import type { ErasureQueue } from "./erasure-queue.ts";
import { openErasureSubject } from "./erasure-seal.ts";
import type { ErasureAnswer } from "./erasure-step.ts";
import type { ScopeDescription } from "./erasure-target.ts";

/** What has to be erased by hand, for the eyes of a privacy officer. */
export interface ErasureTask {
  readonly requestId: string;
  readonly kind: RequestKind | "demand";
  readonly store: string;
  readonly record: string;
  /** Whom it is about; null: everybody, as a demand selects. */
  readonly subjectId: string | null;
  /** Which data goes. */
  readonly dataCategories: readonly string[];
  /** Where it is found, and what is to be done. */
  readonly selector: string;
  readonly technique: string;
  /** When the request is due, RFC 3339. */
  readonly dueAt: string;
}

/** Which task is answered. */
export interface TaskName {
  readonly requestId: string;
  readonly store: string;
  readonly record: string;
}

export interface ErasureTasks {
  /** The open ones, the most urgent first. */
  list(tenant: string): Promise<readonly ErasureTask[]>;
  /** Files what became of one, with who says so. @returns False when there is no such task, or it is answered. */
  answer(task: TaskName, answer: ErasureAnswer, by: FiledBy): Promise<boolean>;
}

export function createErasureTasks(
  runtime: Runtime,
  erasures: Pick<ErasureQueue, "push" | "wake">,
): ErasureTasks {
  const { database, keys, log } = runtime;

  return {
    async list(tenant) {
      const requests = await openSteps(database.tables, tenant)
        .innerJoin("subject_request as of", (join) =>
          join
            .onRef("of.tenant", "=", "erasure_step.tenant")
            .onRef("of.id", "=", "erasure_step.request_id"),
        )
        .select(["kind", "due_at"])
        .execute();
      const demands = await openSteps(database.tables, tenant)
        .innerJoin("demand as of", (join) =>
          join
            .onRef("of.tenant", "=", "erasure_step.tenant")
            .onRef("of.id", "=", "erasure_step.request_id"),
        )
        .select("due_at")
        .execute();
      const ofPeople = await Promise.all(
        requests.map(async ({ kind, ...step }) => {
          const { request_id } = step;
          const subjectId = await openErasureSubject(database.tables, keys, tenant, request_id);
          // Without a seal nothing is open any more.
          return subjectId === undefined ? [] : taskOf(step, kind as RequestKind, subjectId);
        }),
      );
      const ofEverybody = demands.flatMap((step) => taskOf(step, "demand", null));
      return [...ofPeople.flat(), ...ofEverybody].toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
    },
    async answer({ requestId, store, record }, answer, by) {
      const { tenant } = by;
      const at = new Date(runtime.now());
      const answered = await log.transaction(async ({ unit, append }) => {
        const { numUpdatedRows } = await unit
          .updateTable("erasure_step")
          .set({ answer })
          .where("tenant", "=", tenant)
          .where("request_id", "=", requestId)
          .where("store", "=", store)
          .where("record", "=", record)
          .where("fault", "=", "awaits-answer")
          .where("answer", "is", null)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        const content = {
          type: "erasure-answer",
          schemaVersion: "1",
          requestId,
          store,
          record,
          answer,
          staffRef: staffRef(keys.index, by),
          at: at.toISOString(),
        };
        await append({ tenant, kind: "erasure", subjectRef: null, dedupeKey: null, content }, at);
        await erasures.push(unit, tenant, requestId);
        return true;
      });
      if (answered) erasures.wake();
      return answered;
    },
  };
}

function openSteps(unit: Unit, tenant: string) {
  return unit
    .selectFrom("erasure_step")
    .select(["request_id", "store", "record", "description"])
    .where("erasure_step.tenant", "=", tenant)
    .where("fault", "=", "awaits-answer")
    .where("answer", "is", null);
}

interface OpenStep {
  readonly request_id: string;
  readonly store: string;
  readonly record: string;
  readonly description: ScopeDescription | null;
  readonly due_at: Date;
}

function taskOf(
  { request_id: requestId, store, record, description, due_at }: OpenStep,
  kind: ErasureTask["kind"],
  subjectId: string | null,
): readonly ErasureTask[] {
  if (description === null) return [];
  const { dataCategories, selector, technique } = description;
  const dueAt = due_at.toISOString();
  return [
    { requestId, kind, store, record, subjectId, dataCategories, selector, technique, dueAt },
  ];
}
