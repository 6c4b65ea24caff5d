import { selectedCategories } from "@miniprivacy/core";
import type { CertificateAbout } from "@miniprivacy/core/certificate";
import { sql } from "kysely";
import { createRemnantClearing } from "../database/clear-remnants.ts";
import { type FencedRun, fencedRun } from "../erasure/claimed-run.ts";
import { signErasureCertificate, storeErasureCertificate } from "../erasure/erasure-certificate.ts";
import type { ErasureRunner, RunOutcome } from "../erasure/erasure-run.ts";
import { type ErasureStep, loadSteps, retryDelay, saveSteps } from "../erasure/erasure-step.ts";
import type { ErasureTarget } from "../erasure/erasure-target.ts";
import { isOwnStep, settleOwnSteps } from "../erasure/own-records.ts";
import { holdingClaim } from "../erasure/run-claim.ts";
import type { StoreReader } from "../erasure/store-reader.ts";
import type { ErasureLedger } from "../journal/erasure-ledger.ts";
import type { Logger } from "../logger.ts";
import type { Runtime } from "../runtime.ts";
import { createBulkReader } from "./bulk-reader.ts";
import { claimDemand, type DemandClaim } from "./demand-claim.ts";
import { type DemandTarget, demandTargets } from "./demand-targets.ts";
import { eraseTenantRecords } from "./tenant-records.ts";

export interface DemandRunnerOptions {
  readonly targets: readonly ErasureTarget[];
  readonly ledger: Pick<ErasureLedger, "catchUp">;
  /** How long a store may take for one call about one person. */
  readonly storeTimeoutMs: number;
  readonly logger: Logger;
  readonly onError: (cause: unknown) => void;
}

/** When a tenant's own records are tried again, which requests of people are still carried out on. */
const REQUESTS_DELAY_MS = 2000;

/**
 * Carries demands out: the gate is closed, and every process knows it, before the first row goes; then every store, in
 * batches that a killed process loses none of; at the end of a tenant our own records too.
 *
 * @see WX-4.4.5b, WX-4.7a, WX-4.10a
 */
export function createDemandRunner(runtime: Runtime, options: DemandRunnerOptions): ErasureRunner {
  const { targets, ledger, storeTimeoutMs, logger, onError } = options;
  const { tables } = runtime.database;
  const clearRemnants = createRemnantClearing(runtime.database);

  function readerOf({ claim, fenced }: FencedRun<DemandClaim>, target: DemandTarget): StoreReader {
    const { tenant, requestId } = claim;
    return createBulkReader(target, storeTimeoutMs, {
      seen: (persons) =>
        fenced(async ({ unit }) => {
          await unit
            .updateTable("demand")
            .set({ persons: sql`greatest(persons, ${persons})` })
            .where("tenant", "=", tenant)
            .where("id", "=", requestId)
            .execute();
        }),
      erased: (rows) =>
        fenced(async ({ unit }) => {
          await unit
            .updateTable("erasure_step")
            .set({ erased: sql`erased + ${rows}` })
            .where("tenant", "=", tenant)
            .where("request_id", "=", requestId)
            .where("store", "=", target.store)
            .where("record", "=", target.record.name)
            .execute();
        }),
    });
  }

  async function carryOut(run: FencedRun<DemandClaim>): Promise<RunOutcome> {
    const { claim, fenced, attemptTargets } = run;
    // Requirement WX-4.7a: nobody collects or uses the data any more before the first of it goes.
    if (claim.waitMs > 0) return { retryInMs: claim.waitMs };
    await ledger.catchUp();
    const selected = demandTargets(targets, claim.tenant, claim.selector);
    const failing = await attemptTargets(selected, (some) =>
      some.map((target) => readerOf(run, target)),
    );
    if (failing.length > 0) return { retryInMs: retryDelay(failing) };
    const isTenant = claim.selector === "tenant";
    if (isTenant && !(await eraseTenantRecords(runtime, run, selected.length)))
      return { retryInMs: REQUESTS_DELAY_MS };
    const seen = await loadSteps(tables, claim);
    // Of a tenant that stays nothing has gone from our own tables.
    const steps = isTenant
      ? settleOwnSteps(seen, await clearRemnants(runtime.now()), runtime.now())
      : seen;
    const about = await aboutOf(claim, steps);
    const { trigger } = claim;
    const issued = await signErasureCertificate(runtime, { about, trigger }, steps);
    await fenced(async (unit) => {
      await saveSteps(unit.unit, claim, steps.filter(isOwnStep), issued.issuedAt);
      await storeErasureCertificate(unit, claim, issued);
      await unit.unit
        .updateTable("demand")
        .set({ state: "finished", certificate_id: issued.certificateId })
        .where("tenant", "=", claim.tenant)
        .where("id", "=", claim.requestId)
        .execute();
    });
    return "finished";
  }

  async function aboutOf(
    { tenant, requestId, selector }: DemandClaim,
    steps: readonly ErasureStep[],
  ): Promise<CertificateAbout> {
    const { persons } = await tables
      .selectFrom("demand")
      .select("persons")
      .where("tenant", "=", tenant)
      .where("id", "=", requestId)
      .executeTakeFirstOrThrow();
    const records = targets.map(({ record }) => record);
    const { source, collectedIn, collectedUntil } = selector === "tenant" ? {} : selector;
    return {
      kind: "dataset",
      selector: {
        dataCategories: selectedCategories(records, selector),
        ...(source !== undefined && { source }),
        ...(collectedIn !== undefined && { collectedIn }),
        ...(collectedUntil !== undefined && { collectedUntil }),
      },
      persons,
      records: steps.reduce((sum, { countBefore }) => sum + (countBefore ?? 0), 0),
    };
  }

  return {
    async run(tenant, id) {
      const claim = await claimDemand(tables, tenant, id);
      if (claim === undefined) return "finished";
      if (claim === "busy") return "busy";
      return holdingClaim(
        tables,
        claim,
        (held) => carryOut(fencedRun(runtime, logger, claim, held)),
        onError,
      );
    },
  };
}
