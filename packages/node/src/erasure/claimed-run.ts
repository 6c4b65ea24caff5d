import type { RequestMove, RequestState } from "@miniprivacy/core";
import type { LogUnit } from "../log/log-writer.ts";
import type { Logger } from "../logger.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { moveRequest } from "../subject-request/move-request.ts";
import { eraseStores } from "./erase-stores.ts";
import { type ErasureClaim, requireClaim } from "./erasure-claim.ts";
import { awaitsAnswer, type ErasureStep, isErased, loadSteps, saveSteps } from "./erasure-step.ts";
import type { ErasureTarget } from "./erasure-target.ts";

/** What a process does under its claim to a request. */
export interface ClaimedRun {
  readonly claim: ErasureClaim;
  /** A transaction in which the claim stands. */
  readonly fenced: <Result>(work: (unit: LogUnit) => Promise<Result>) => Promise<Result>;
  /** Moves the request on from a state, as part of a transaction. @returns The new state. */
  readonly move: (unit: LogUnit, from: RequestState, to: RequestMove) => Promise<RequestState>;
  /**
   * One attempt at every target.
   *
   * @param along What is written together with it.
   * @returns The steps that failed.
   */
  readonly attempt: (
    subject: SubjectIdentity,
    targets: readonly ErasureTarget[],
    along?: AlongAttempt,
  ) => Promise<readonly ErasureStep[]>;
}

/** What is written together with an attempt, in its transactions. */
export interface AlongAttempt {
  /** With what was counted, before anything is erased. */
  readonly counted: (unit: LogUnit) => Promise<void>;
  /** With what was read back, if no step failed. */
  readonly erased: (unit: LogUnit) => Promise<void>;
}

const NOTHING_ALONG: AlongAttempt = { counted: async () => {}, erased: async () => {} };

export interface ClaimedRunOptions {
  /** How long a store may take for one call. */
  readonly storeTimeoutMs: number;
  readonly logger: Logger;
}

/** @param held Whether the claim still stands, as far as this process knows. */
export function claimedRun(
  { database, log, now }: Pick<Runtime, "database" | "log" | "now">,
  { storeTimeoutMs, logger }: ClaimedRunOptions,
  claim: ErasureClaim,
  held: () => boolean,
): ClaimedRun {
  const fenced: ClaimedRun["fenced"] = (work) =>
    log.transaction(async (unit) => {
      await requireClaim(unit.unit, claim);
      return work(unit);
    });

  return {
    claim,
    fenced,
    move: (unit, state, to) =>
      moveRequest(unit, new Date(now()), { ...claim, id: claim.requestId, state }, to),
    async attempt(subject, targets, along = NOTHING_ALONG) {
      const save = (unit: LogUnit, steps: readonly ErasureStep[]): Promise<void> =>
        saveSteps(unit.unit, claim, steps, new Date(now()));
      const known = await loadSteps(database.tables, claim);
      const steps = await eraseStores(known, {
        subject,
        targets,
        timeoutMs: storeTimeoutMs,
        now,
        held,
        save: (counted) =>
          fenced(async (unit) => {
            await along.counted(unit);
            await save(unit, counted);
          }),
      });
      const failing = steps.filter((step) => !isErased(step));
      await fenced(async (unit) => {
        await save(unit, steps);
        // Requirement WX-4.4.7c: the link goes only when every store was read back and showed nothing.
        if (failing.length === 0) await along.erased(unit);
      });
      for (const { store, record, attempts, fault } of failing.filter((one) => !awaitsAnswer(one)))
        logger.error(
          { requestId: claim.requestId, store, record, attempts, reason: fault ?? undefined },
          "erasure failed at a store",
        );
      return failing;
    },
  };
}
