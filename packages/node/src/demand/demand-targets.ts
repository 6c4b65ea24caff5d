import { collectedField, type DataSelector, selectedFields } from "@miniprivacy/core";
import type { BulkSelection } from "../connector/bulk-erasure.ts";
import type { ErasureTarget } from "../erasure/erasure-target.ts";

/** One record of one store, and which of its rows and fields are erased. */
export interface DemandTarget extends Omit<ErasureTarget, "fields"> {
  readonly selection: BulkSelection;
}

/** What a selector finds in every store. */
export function demandTargets(
  targets: readonly ErasureTarget[],
  tenant: string,
  selector: DataSelector,
): readonly DemandTarget[] {
  return targets.flatMap(({ store, connector, record }) => {
    if (selector === "tenant") return [{ store, connector, record, selection: { tenant } }];
    const fields = selectedFields(record, selector);
    if (fields.length === 0) return [];
    const field = collectedField(record);
    const { collectedUntil } = selector;
    const collected =
      field === undefined || collectedUntil === undefined
        ? undefined
        : { field, until: new Date(collectedUntil) };
    const selection = { tenant, fields, ...(collected && { collected }) };
    return [{ store, connector, record, selection }];
  });
}

/** The records that do not tell when their data was collected, where the selector asks. */
export function undatedRecords(
  targets: readonly DemandTarget[],
  selector: DataSelector,
): readonly string[] {
  if (selector === "tenant" || selector.collectedUntil === undefined) return [];
  const undated = targets.filter(({ selection }) => selection.collected === undefined);
  return [...new Set(undated.map(({ record }) => record.name))];
}
