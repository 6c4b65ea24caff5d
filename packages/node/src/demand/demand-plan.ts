import type { DataSelector } from "@miniprivacy/core";
import type { StoreAnswer, StoreFault } from "../erasure/ask-store.ts";
import type { ErasureTarget } from "../erasure/erasure-target.ts";
import { createBulkReader } from "./bulk-reader.ts";
import { type DemandTarget, demandTargets } from "./demand-targets.ts";

/** What a demand would do with one record of one store. */
export interface PlannedDemand {
  readonly store: string;
  readonly record: string;
  /** The fields that would be erased; null: whole rows. */
  readonly fields: readonly string[] | null;
  /** Whether its rows tell when their data was collected, where the selector asks for it. */
  readonly dated: boolean;
  /** Rows and people it would concern; null where the store cannot tell. */
  readonly rows: number | null;
  readonly persons: number | null;
  readonly fault: StoreFault | null;
  /** How it is erased: by the connector, by itself, or by hand. */
  readonly evidence: string;
}

/** Tells what a demand would do, and changes nothing. */
export function createDemandPlanner(
  targets: readonly ErasureTarget[],
  storeTimeoutMs: number,
): (tenant: string, selector: DataSelector) => Promise<readonly PlannedDemand[]> {
  return (tenant, selector) =>
    Promise.all(
      demandTargets(targets, tenant, selector).map((target) => planned(target, storeTimeoutMs)),
    );
}

async function planned(target: DemandTarget, storeTimeoutMs: number): Promise<PlannedDemand> {
  const { store, record, selection } = target;
  let persons: number | null = null;
  const reader = createBulkReader(target, storeTimeoutMs, {
    seen: async (seen) => void (persons = seen),
    erased: async () => {},
  });
  const counted: StoreAnswer<number> | undefined =
    reader.evidence === "read-back" ? await reader.count() : undefined;
  return {
    store,
    record: record.name,
    fields: selection.fields ?? null,
    dated: selection.collected !== undefined,
    rows: counted?.ok === true ? counted.value : null,
    persons,
    fault: counted?.ok === false ? counted.fault : null,
    evidence: reader.evidence,
  };
}
