import type { RequestMove, RequestState } from "@miniprivacy/core";
import type { LogUnit } from "../log/log-writer.ts";
import type { Logger } from "../logger.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { moveRequest } from "../subject-request/move-request.ts";
import { type ErasureScope, eraseStores } from "./erase-stores.ts";
import type { ErasureClaim } from "./erasure-claim.ts";
import { awaitsAnswer, type ErasureStep, isErased, loadSteps, saveSteps } from "./erasure-step.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { requireClaim, type RunClaim } from "./run-claim.ts";
import { createStoreReader } from "./store-reader.ts";

/** What a process does under its claim. */
export interface FencedRun<Claim extends RunClaim = RunClaim> {
  readonly claim: Claim;
  /** A transaction in which the claim stands. */
  readonly fenced: <Result>(work: (unit: LogUnit) => Promise<Result>) => Promise<Result>;
  /** One attempt at every scope. @returns The steps that failed. */
  readonly attemptScopes: (scopes: readonly ErasureScope[]) => Promise<readonly ErasureStep[]>;
}

/** The same for a person's request. */
export interface ClaimedRun extends FencedRun<ErasureClaim> {
  /** Moves the request on from a state, as part of a transaction. @returns The new state. */
  readonly move: (unit: LogUnit, from: RequestState, to: RequestMove) => Promise<RequestState>;
  /** One attempt at every target. @returns The steps that failed. */
  readonly attempt: (
    subject: SubjectIdentity,
    targets: readonly ErasureTarget[],
  ) => Promise<readonly ErasureStep[]>;
}

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
    async attemptScopes(scopes) {
      const save = (steps: readonly ErasureStep[]): Promise<void> =>
        fenced(({ unit }) => saveSteps(unit, claim, steps, new Date(now())));
      const known = await loadSteps(database.tables, claim);
      const steps = await eraseStores(known, { scopes, now, held, save });
      const failing = steps.filter((step) => !isErased(step));
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
    attempt: (subject, targets) =>
      run.attemptScopes(
        targets.map((target) => ({
          store: target.store,
          record: target.record.name,
          reader: createStoreReader(target, subject, storeTimeoutMs),
        })),
      ),
  };
}
