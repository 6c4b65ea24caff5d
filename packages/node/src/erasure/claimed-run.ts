import type { RequestMove, RequestState } from "@miniprivacy/core";
import type { LogUnit } from "../log/log-writer.ts";
import type { Logger } from "../logger.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { moveRequest } from "../subject-request/move-request.ts";
import { eraseStores, type ReadersOf, type StoreTarget } from "./erase-stores.ts";
import type { ErasureClaim } from "./erasure-claim.ts";
import { awaitsAnswer, type ErasureStep, isErased, loadSteps, saveSteps } from "./erasure-step.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { requireClaim, type RunClaim } from "./run-claim.ts";
import { personReaders } from "./store-readers.ts";

/** What a process does under its claim. */
export interface FencedRun<Claim extends RunClaim = RunClaim> {
  readonly claim: Claim;
  /** A transaction in which the claim stands. */
  readonly fenced: <Result>(work: (unit: LogUnit) => Promise<Result>) => Promise<Result>;
  /**
   * One attempt at every target.
   *
   * @param along What is written together with it.
   * @returns The steps that failed.
   */
  readonly attemptTargets: <Target extends StoreTarget>(
    targets: readonly Target[],
    readersOf: ReadersOf<Target>,
    along?: AlongAttempt,
  ) => Promise<readonly ErasureStep[]>;
}

/** The same for a person's request. */
export interface ClaimedRun extends FencedRun<ErasureClaim> {
  /** Moves the request on from a state, as part of a transaction. @returns The new state. */
  readonly move: (unit: LogUnit, from: RequestState, to: RequestMove) => Promise<RequestState>;
  /** The same of a person. */
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
export function fencedRun<Claim extends RunClaim>(
  { database, log, now }: Pick<Runtime, "database" | "log" | "now">,
  logger: Logger,
  claim: Claim,
  held: () => boolean,
): FencedRun<Claim> {
  const fenced: FencedRun["fenced"] = (work) =>
    log.transaction(async (unit) => {
      await requireClaim(unit.unit, claim);
      return work(unit);
    });

  return {
    claim,
    fenced,
    async attemptTargets(targets, readersOf, along = NOTHING_ALONG) {
      const save = (unit: LogUnit, steps: readonly ErasureStep[]): Promise<void> =>
        saveSteps(unit.unit, claim, steps, new Date(now()));
      const known = await loadSteps(database.tables, claim);
      const steps = await eraseStores(known, {
        targets,
        readersOf,
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

/** @param held Whether the claim still stands, as far as this process knows. */
export function claimedRun(
  runtime: Pick<Runtime, "database" | "log" | "now">,
  { storeTimeoutMs, logger }: ClaimedRunOptions,
  claim: ErasureClaim,
  held: () => boolean,
): ClaimedRun {
  const run = fencedRun(runtime, logger, claim, held);
  return {
    ...run,
    move: (unit, state, to) =>
      moveRequest(unit, new Date(runtime.now()), { ...claim, id: claim.requestId, state }, to),
    attempt: (subject, targets, along) =>
      run.attemptTargets(targets, personReaders(subject, storeTimeoutMs), along),
  };
}
