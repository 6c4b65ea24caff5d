import { setTimeout as sleep } from "node:timers/promises";
import { recordCategories } from "@miniprivacy/core/policy";
import { policyWithPurpose } from "../consent/policy-with-purpose.ts";
import type { Unit } from "../database/database.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { insertRequest } from "../subject-request/insert-request.ts";
import { isWithdrawalClaimed } from "./erasure-claim.ts";
import type { ErasureQueue } from "./erasure-queue.ts";
import type { ErasureTarget } from "./erasure-target.ts";

/** What withdrawals set off in the host's stores. */
export interface Withdrawals {
  /**
   * Puts a withdrawal on file as a request of hers, before it is recorded: what comes of it is decided from the record, and
   * nothing where it was never made. One that is on file already stands for both.
   *
   * @returns Whether there is anything a withdrawal could release.
   */
  open(
    unit: Unit,
    subject: SubjectIdentity,
    subjectRef: string,
    purpose: string,
    now: number,
  ): Promise<boolean>;
  /** Carries out what was opened, once its transaction has committed. */
  wake(): void;
  /**
   * Waits while fields of hers are being erased: who consents again must find what she gives from then on kept.
   *
   * @returns Whether that has come to an end in time.
   */
  settled(tenant: string, subjectRef: string): Promise<boolean>;
}

const POLL_MS = 25;
/** A call is answered before the caller gives up. */
const LONGEST_WAIT_MS = 8000;

export function createWithdrawals(
  runtime: Runtime,
  targets: readonly ErasureTarget[],
  erasures: Pick<ErasureQueue, "push" | "wake">,
): Withdrawals {
  const { tables } = runtime.database;

  function isHeld(purpose: string): boolean {
    const categories = policyWithPurpose(runtime, purpose)?.purposes[purpose]?.categories ?? [];
    return targets.some(({ record }) =>
      recordCategories(record.fields).some((category) => categories.includes(category)),
    );
  }

  async function isOpen(
    unit: Unit,
    tenant: string,
    ref: string,
    purpose: string,
  ): Promise<boolean> {
    const row = await unit
      .selectFrom("subject_request")
      .select("id")
      .where("tenant", "=", tenant)
      .where("subject_ref", "=", ref)
      .where("purpose", "=", purpose)
      .where("state", "=", "received")
      .executeTakeFirst();
    return row !== undefined;
  }

  return {
    wake: () => erasures.wake(),
    async open(unit, subject, subjectRef, purpose, now) {
      const { tenant } = subject;
      if (!isHeld(purpose)) return false;
      if (await isOpen(unit, tenant, subjectRef, purpose)) return true;
      const request = { subjectRef, kind: "withdraw", purpose, now } as const;
      const { id } = await insertRequest(unit, runtime, subject, request);
      await erasures.push(unit, tenant, id);
      return true;
    },
    async settled(tenant, subjectRef) {
      const end = performance.now() + LONGEST_WAIT_MS;
      while (await isWithdrawalClaimed(tables, tenant, subjectRef)) {
        if (performance.now() > end) return false;
        await sleep(POLL_MS);
      }
      return true;
    },
  };
}
