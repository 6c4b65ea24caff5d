import { createRemnantClearing } from "../database/clear-remnants.ts";
import type { ErasureLedger } from "../journal/erasure-ledger.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import { type ClaimedRun, claimedRun, type ClaimedRunOptions } from "./claimed-run.ts";
import {
  type IssuedCertificate,
  signErasureCertificate,
  storeErasureCertificate,
} from "./erasure-certificate.ts";
import { claimErasure, postponeErasure } from "./erasure-claim.ts";
import { openErasureSubject } from "./erasure-seal.ts";
import { type ErasureStep, loadSteps, retryDelay, saveSteps } from "./erasure-step.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { eraseOwnRecords, isOwnStep, settleOwnSteps } from "./own-records.ts";
import { askPostponement, type BeforeErase } from "./postponement.ts";
import { holdingClaim } from "./run-claim.ts";
import { createWithdrawalRun } from "./withdrawal-run.ts";

/** `busy`: another process has it. `retryInMs`: a store has failed, and another attempt is due then. */
export type RunOutcome = "finished" | "busy" | { readonly retryInMs: number };

export interface ErasureRunner {
  /**
   * Carries out an accepted erasure or a withdrawal, or as much of it as the stores allow now: while one of them fails,
   * the person of an erasure stays restricted and linked. Every step can be repeated. What is written is fenced: a
   * process that was thought dead and comes back changes nothing.
   */
  run(tenant: string, requestId: string): Promise<RunOutcome>;
}

export interface ErasureRunnerOptions extends ClaimedRunOptions {
  readonly targets: readonly ErasureTarget[];
  readonly beforeErase?: BeforeErase | undefined;
  readonly ledger: ErasureLedger;
  readonly onError: (cause: unknown) => void;
}

/** When a host's `beforeErase` that failed is asked again. */
const HOOK_DELAY_MS = 1000;

export function createErasureRunner(
  runtime: Runtime,
  options: ErasureRunnerOptions,
): ErasureRunner {
  const { targets, beforeErase, ledger, storeTimeoutMs, logger, onError } = options;
  const { database, keys } = runtime;
  const { tables } = database;
  const clearRemnants = createRemnantClearing(database);
  const carryOutWithdrawal = createWithdrawalRun(runtime, targets);

  async function run(tenant: string, requestId: string): Promise<RunOutcome> {
    const claim = await claimErasure(tables, tenant, requestId);
    if (claim === undefined) {
      // The process that finished it may have died before the journal was told.
      await ledger.settle(tenant, requestId);
      return "finished";
    }
    if (claim === "busy") return "busy";
    return holdingClaim(
      tables,
      claim,
      (held) => {
        const claimed = claimedRun(runtime, options, claim, held);
        return claim.purpose === null ? carryOut(claimed) : carryOutWithdrawal(claimed);
      },
      onError,
    );
  }

  async function carryOut(claimed: ClaimedRun): Promise<RunOutcome> {
    const { claim, fenced, attempt, move } = claimed;
    const { tenant, requestId, state } = claim;
    const subjectId = await openErasureSubject(tables, keys, tenant, requestId);
    const waitMs = await postponedFor(claimed, subjectId);
    if (waitMs > 0) return { retryInMs: waitMs };
    const start = async (unit: LogUnit): Promise<void> => {
      if (state !== "executing") await move(unit, state, { event: "execute" });
    };
    // Without a seal our own records are gone already: the stores were read back, and whoever returned since is new.
    if (subjectId === undefined) {
      await fenced(start);
    } else {
      // Requirement PIPL-47: what is erased from here on stays erased, whichever backup is restored.
      await ledger.begin(claim, subjectId);
      const failing = await attempt({ tenant, subjectId }, targets, {
        counted: start,
        erased: (unit) => eraseOwnRecords(runtime, unit, claim, targets.length),
      });
      if (failing.length > 0) return { retryInMs: retryDelay(failing) };
    }
    const cleared = await clearRemnants(runtime.now());
    const steps = settleOwnSteps(await loadSteps(tables, claim), cleared, runtime.now());
    const issued = await signErasureCertificate(
      runtime,
      {
        about: { kind: "subject", subjectCommitment: claim.commitment },
        // Which item of PIPL article 47 applies the request does not say: she asked, and may have withdrawn nothing.
        trigger: { kind: "subject-request", requestId },
      },
      steps,
    );
    await fenced((unit) => finish(unit, claimed, steps.filter(isOwnStep), issued));
    await ledger.settle(tenant, requestId);
    return "finished";
  }

  /** Asks the host whether it has to wait. @returns For how long, milliseconds. */
  async function postponedFor(
    { claim, fenced, move }: ClaimedRun,
    subjectId: string | undefined,
  ): Promise<number> {
    const { tenant, requestId, state, postponedUntil, dueAt } = claim;
    const now = runtime.now();
    if (state === "executing") return 0;
    if (state !== "restricted" && beforeErase !== undefined && subjectId !== undefined) {
      const limits = { dueAt: dueAt.getTime(), now, timeoutMs: storeTimeoutMs };
      const asked = await askPostponement(beforeErase, { tenant, subjectId }, limits);
      if (!asked.ok) {
        logger.error({ requestId, reason: asked.fault }, "beforeErase failed");
        return HOOK_DELAY_MS;
      }
      if (asked.value !== null) {
        const { until, reason } = asked.value;
        await fenced(async (unit) => {
          await postponeErasure(unit.unit, claim, until, reason);
          await move(unit, state, { event: "restrict" });
        });
        return Date.parse(until) - now;
      }
    }
    return (postponedUntil?.getTime() ?? now) - now;
  }

  /** @param own Our own steps, once what was deleted is cleared out of our tables. */
  async function finish(
    unit: LogUnit,
    { claim, move }: ClaimedRun,
    own: readonly ErasureStep[],
    issued: IssuedCertificate,
  ): Promise<void> {
    const { tenant, requestId } = claim;
    await saveSteps(unit.unit, claim, own, issued.issuedAt);
    await storeErasureCertificate(unit, claim, issued);
    await unit.unit
      .updateTable("subject_request")
      .set({ certificate_id: issued.certificateId })
      .where("tenant", "=", tenant)
      .where("id", "=", requestId)
      .execute();
    // Requirement WX-4.4.7c: a request whose data is not completely gone is not called fulfilled.
    const event = issued.claim === "deleted" ? "fulfil" : "fulfil-partly";
    await move(unit, "executing", { event });
    await ledger.end(unit.unit, claim);
  }

  return { run };
}
