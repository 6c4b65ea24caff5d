import type { DataSelector, OrderScope } from "@miniprivacy/core";
import { sql } from "kysely";
import { type FiledBy, fileRecord, staffRef } from "../access/filing.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import type { DemandTrigger } from "./demand.ts";

/** A demand as it is put on file. */
export interface FiledDemand {
  readonly id: string;
  readonly trigger: DemandTrigger;
  readonly selector: DataSelector;
  /** RFC 3339 */
  readonly dueAt: string;
}

/** What the log says of a demand. */
export interface DemandContent extends FiledDemand {
  readonly type: "demand";
  readonly schemaVersion: "1";
  readonly orderId: string;
  /** {@link staffRef} of whoever opened it. */
  readonly by: string;
}

/** After a second no process lets reads pass that an order denies (decision 12). */
const GATE_CLOSED = sql<Date>`now() + interval '1.2 seconds'`;
export const GATE_CLOSED_MS = 1300;

/** Closes the gate by an order and puts a demand on file, open, as part of a transaction. */
export async function fileDemand(
  logUnit: LogUnit,
  runtime: Pick<Runtime, "keys" | "now">,
  { id, trigger, selector, dueAt }: FiledDemand,
  by: FiledBy,
): Promise<void> {
  const { unit, append } = logUnit;
  const { tenant } = by;
  const at = new Date(runtime.now());
  const order = {
    closes: closedBy(selector),
    ...(trigger.kind === "platform-demand" && { demandNumber: trigger.number }),
  };
  const { id: orderId } = await fileRecord(logUnit, runtime, "platform-order", order, by);
  const row = {
    tenant,
    id,
    trigger: JSON.stringify(trigger),
    selector: JSON.stringify(selector),
    order_id: orderId,
    state: "open",
    opened_at: at,
    due_at: dueAt,
    begins_at: GATE_CLOSED,
  };
  await unit.insertInto("demand").values(row).execute();
  const content: DemandContent = {
    type: "demand",
    schemaVersion: "1",
    id,
    trigger,
    selector,
    dueAt,
    orderId,
    by: staffRef(runtime.keys.index, by),
  };
  await append({ tenant, kind: "demand", subjectRef: null, dedupeKey: null, content }, at);
}

/** What nobody may read any more: whatever is selected, whenever it was collected. */
function closedBy(selector: DataSelector): OrderScope {
  if (selector === "tenant") return "tenant";
  const { collectedUntil: _, ...closes } = selector;
  return Object.keys(closes).length === 0 ? "tenant" : closes;
}
