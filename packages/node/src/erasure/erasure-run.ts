import type { RequestMove } from "@miniprivacy/core";
import { createRemnantClearing } from "../database/clear-remnants.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Logger } from "../logger.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { moveRequest } from "../subject-request/move-request.ts";
import { eraseStores } from "./erase-stores.ts";
import {
  type IssuedCertificate,
  signErasureCertificate,
  storeErasureCertificate,
} from "./erasure-certificate.ts";
import {
  claimErasure,
  type ErasureClaim,
  releaseClaim,
  RENEW_MS,
  renewClaim,
  requireClaim,
} from "./erasure-claim.ts";
import { openErasureSubject } from "./erasure-seal.ts";
import { type ErasureStep, isErased, loadSteps, saveSteps } from "./erasure-step.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { eraseOwnRecords, isOwnStep, settleOwnStep } from "./own-records.ts";

/** `busy`: another process has it. `retryInMs`: a store has failed, and another attempt is due then. */
export type RunOutcome = "finished" | "busy" | { readonly retryInMs: number };

export interface ErasureRunner {
  /**
   * Carries out an accepted erasure, or as much of it as the stores allow now: while one of them fails, the person stays
   * restricted and linked. Every step can be repeated. What is written is fenced: a process that was thought dead and
   * comes back changes nothing.
   */
  run(tenant: string, requestId: string): Promise<RunOutcome>;
}

export interface ErasureRunnerOptions {
  readonly targets: readonly ErasureTarget[];
  /** How long a store may take for one call. */
  readonly storeTimeoutMs: number;
  readonly logger: Logger;
  readonly onError: (cause: unknown) => void;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 600_000;

export function createErasureRunner(
  runtime: Runtime,
  { targets, storeTimeoutMs, logger, onError }: ErasureRunnerOptions,
): ErasureRunner {
  const { database, keys, log } = runtime;
  const now = (): number => runtime.now();
  const { tables } = database;
  const clearRemnants = createRemnantClearing(database);

  async function run(tenant: string, requestId: string): Promise<RunOutcome> {
    const claim = await claimErasure(tables, tenant, requestId);
    if (claim === undefined) return "finished";
    if (claim === "busy") return "busy";
    let held = true;
    const renewal = setInterval(() => {
      renewClaim(tables, claim).then((renewed) => (held &&= renewed), onError);
    }, RENEW_MS);
    try {
      return await carryOut(claim, () => held);
    } finally {
      clearInterval(renewal);
      await releaseClaim(tables, claim);
    }
  }

  async function carryOut(claim: ErasureClaim, held: () => boolean): Promise<RunOutcome> {
    if (claim.state === "accepted")
      await fenced(claim, (unit) => move(unit, claim, { event: "execute" }));
    const subjectId = await openErasureSubject(tables, keys, claim.tenant, claim.requestId);
    // Without a seal our own records are gone already: the stores were read back, and whoever returned since is new.
    if (subjectId !== undefined) {
      const failing = await attempt(claim, { tenant: claim.tenant, subjectId }, held);
      // Requirement WX-4.4.7c: the link goes only when every store was read back and showed nothing.
      if (failing.length > 0) return { retryInMs: retryDelay(failing) };
      await fenced(claim, (unit) => eraseOwnRecords(runtime, unit, claim, targets.length));
    }
    await settleOwnSteps(claim);
    const issued = await signErasureCertificate(runtime, claim, await loadSteps(tables, claim));
    await fenced(claim, (unit) => finish(unit, claim, issued));
    return "finished";
  }

  /** One attempt at every store. Returns the steps that failed. */
  async function attempt(
    claim: ErasureClaim,
    subject: SubjectIdentity,
    held: () => boolean,
  ): Promise<readonly ErasureStep[]> {
    const save = (steps: readonly ErasureStep[]): Promise<void> =>
      fenced(claim, ({ unit }) => saveSteps(unit, claim, steps, new Date(now())));
    const known = await loadSteps(tables, claim);
    const pass = { claim, subject, targets, timeoutMs: storeTimeoutMs, now, held, save };
    const failing = (await eraseStores(known, pass)).filter((step) => !isErased(step));
    for (const { store, record, attempts, fault } of failing)
      logger.error(
        { requestId: claim.requestId, store, record, attempts, reason: fault ?? undefined },
        "erasure failed at a store",
      );
    return failing;
  }

  /** Clears what was deleted out of our own tables, and says what may be left of it all the same. */
  async function settleOwnSteps(claim: ErasureClaim): Promise<void> {
    const cleared = await clearRemnants(now());
    await fenced(claim, async ({ unit }) => {
      const own = (await loadSteps(unit, claim)).filter(isOwnStep);
      const settled = own.map((step) => settleOwnStep(step, cleared, now()));
      await saveSteps(unit, claim, settled, new Date(now()));
    });
  }

  /** A transaction in which the claim stands. */
  function fenced<Result>(
    claim: ErasureClaim,
    work: (unit: LogUnit) => Promise<Result>,
  ): Promise<Result> {
    return log.transaction(async (unit) => {
      await requireClaim(unit.unit, claim);
      return work(unit);
    });
  }

  async function finish(
    unit: LogUnit,
    claim: ErasureClaim,
    issued: IssuedCertificate,
  ): Promise<void> {
    const { tenant, requestId } = claim;
    await storeErasureCertificate(unit, claim, issued);
    await unit.unit
      .updateTable("subject_request")
      .set({ certificate_id: issued.certificateId })
      .where("tenant", "=", tenant)
      .where("id", "=", requestId)
      .execute();
    // Requirement WX-4.4.7c: a request whose data is not completely gone is not called fulfilled.
    const event = issued.claim === "deleted" ? "fulfil" : "fulfil-partly";
    await move(unit, { ...claim, state: "executing" }, { event });
  }

  async function move(unit: LogUnit, claim: ErasureClaim, to: RequestMove): Promise<void> {
    await moveRequest(unit, new Date(now()), { ...claim, id: claim.requestId }, to);
  }

  return { run };
}

/** Twice as long after each attempt of the store that has failed least often. */
function retryDelay(failing: readonly ErasureStep[]): number {
  const attempts = Math.min(...failing.map((step) => step.attempts));
  return Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS);
}
