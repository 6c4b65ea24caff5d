import { randomUUID } from "node:crypto";
import { type DataSelector, requestDue } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { sql } from "kysely";
import type { FiledBy } from "../access/filing.ts";
import type { Unit } from "../database/database.ts";
import type { ErasureQueue } from "../erasure/erasure-queue.ts";
import type { ErasureTarget } from "../erasure/erasure-target.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";
import { type Demand, demandId, type DemandTrigger } from "./demand.ts";
import { findDemand, loadDemands } from "./demand-store.ts";
import { fileDemand, GATE_CLOSED_MS } from "./file-demand.ts";
import { demandTargets, undatedRecords } from "./demand-targets.ts";

/** What is demanded. */
export interface NewDemand {
  readonly trigger: DemandTrigger;
  readonly selector: DataSelector;
  /** By when, RFC 3339 (when a person's request would be due). */
  readonly dueAt?: string;
  /** Whether records that do not tell when their data was collected are erased all the same (such a demand is refused). */
  readonly undated?: "erase";
}

export type OpenResult =
  | { readonly opened: true; readonly demand: Demand }
  | { readonly opened: false; readonly reason: "nothing-selected" }
  | {
      readonly opened: false;
      readonly reason: "undated-records";
      readonly records: readonly string[];
    };

export interface DemandService {
  /**
   * Closes the gate by an order and has what the selector finds erased for everybody. What is open already under the same
   * trigger and selector stands for both.
   *
   * @throws PrivacyError `ERR_INPUT_INVALID` for a category the policy does not have.
   */
  open(demand: NewDemand, by: FiledBy): Promise<OpenResult>;
  /** The newest first. */
  list(tenant: string): Promise<readonly Demand[]>;
  find(tenant: string, id: string): Promise<Demand | undefined>;
}

export function createDemandService(
  runtime: Runtime,
  targets: readonly ErasureTarget[],
  erasures: Pick<ErasureQueue, "push" | "wake">,
): DemandService {
  const { database, log, policy } = runtime;

  async function open(demand: NewDemand, by: FiledBy): Promise<OpenResult> {
    const { trigger, undated } = demand;
    const selector = inUtc(demand.selector);
    const { tenant } = by;
    requireCategory(selector);
    const selected = demandTargets(targets, tenant, selector);
    if (selected.length === 0) return { opened: false, reason: "nothing-selected" };
    const records = undatedRecords(selected, selector);
    // Requirement WX-4.4.5b: what the platform does not demand is not erased without a word from whoever answers for it.
    if (records.length > 0 && undated !== "erase")
      return { opened: false, reason: "undated-records", records };
    const id = await log.transaction(async (logUnit) => {
      const { unit } = logUnit;
      await lockLogHead(unit);
      const known = await findOpen(unit, tenant, { trigger, selector });
      if (known !== undefined) return known;
      const id = demandId(randomUUID());
      const due = requestDue("erase", policy.controller.country, runtime.now()).dueAt;
      const dueAt = new Date(demand.dueAt ?? due).toISOString();
      await fileDemand(logUnit, runtime, { id, trigger, selector, dueAt }, by);
      await erasures.push(unit, tenant, id, GATE_CLOSED_MS);
      return id;
    });
    return { opened: true, demand: (await findDemand(database.tables, tenant, id))! };
  }

  function requireCategory(selector: DataSelector): void {
    if (selector === "tenant" || selector.category === undefined) return;
    if (!Object.hasOwn(policy.categories, selector.category))
      throw new PrivacyError("ERR_INPUT_INVALID", {
        issues: [{ code: "unknown-reference", schemaPath: "categories" }],
      });
  }

  return {
    open,
    find: (tenant, id) => findDemand(database.tables, tenant, id),
    list: (tenant) => loadDemands(database.tables, tenant),
  };
}

/** As certificates write moments. */
function inUtc(selector: DataSelector): DataSelector {
  if (selector === "tenant" || selector.collectedUntil === undefined) return selector;
  return { ...selector, collectedUntil: new Date(selector.collectedUntil).toISOString() };
}

async function findOpen(
  unit: Unit,
  tenant: string,
  { trigger, selector }: NewDemand,
): Promise<string | undefined> {
  const row = await unit
    .selectFrom("demand")
    .select("id")
    .where("tenant", "=", tenant)
    .where("state", "=", "open")
    .where("trigger", "=", sql<DemandTrigger>`${JSON.stringify(trigger)}::jsonb`)
    .where("selector", "=", sql<DataSelector>`${JSON.stringify(selector)}::jsonb`)
    .executeTakeFirst();
  return row?.id;
}
