import type { RequestKind } from "@miniprivacy/core";
import { type FiledBy, staffRef } from "../access/filing.ts";
import type { Runtime } from "../runtime.ts";
import type { ErasureQueue } from "./erasure-queue.ts";
import { openErasureSubject } from "./erasure-seal.ts";
import type { ErasureAnswer } from "./erasure-step.ts";

/** What has to be erased by hand, for the eyes of a privacy officer. */
export interface ErasureTask {
  readonly requestId: string;
  readonly kind: RequestKind;
  readonly store: string;
  readonly record: string;
  /** Whom it is about. */
  readonly subjectId: string;
  /** Which of her data goes. */
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
      const rows = await database.tables
        .selectFrom("erasure_step")
        .innerJoin("subject_request", (join) =>
          join
            .onRef("subject_request.tenant", "=", "erasure_step.tenant")
            .onRef("subject_request.id", "=", "erasure_step.request_id"),
        )
        .select(["request_id", "kind", "store", "record", "description", "due_at"])
        .where("erasure_step.tenant", "=", tenant)
        .where("fault", "=", "awaits-answer")
        .where("answer", "is", null)
        .orderBy("due_at")
        .execute();
      const tasks = await Promise.all(
        rows.map(async ({ request_id: requestId, description, ...row }) => {
          const subjectId = await openErasureSubject(database.tables, keys, tenant, requestId);
          // Without a seal nothing is open any more.
          if (subjectId === undefined || description === null) return [];
          const { dataCategories, selector, technique } = description;
          const { store, record } = row;
          return [
            {
              requestId,
              kind: row.kind as RequestKind,
              store,
              record,
              subjectId,
              dataCategories,
              selector,
              technique,
              dueAt: row.due_at.toISOString(),
            },
          ];
        }),
      );
      return tasks.flat();
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
