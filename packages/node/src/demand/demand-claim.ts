import type { DataSelector } from "@miniprivacy/core";
import { sql } from "kysely";
import type { Unit } from "../database/database.ts";
import { IS_FREE, LEASE, NEXT_FENCE, type RunClaim } from "../erasure/run-claim.ts";
import type { DemandTrigger } from "./demand.ts";

/** A demand that this process is carrying out. */
export interface DemandClaim extends RunClaim {
  readonly table: "demand";
  readonly trigger: DemandTrigger;
  readonly selector: DataSelector;
  /** How long it has to wait until every process knows that the gate is closed. */
  readonly waitMs: number;
}

/** Claims an open demand: `busy` when another process has it, undefined when there is nothing to do. */
export async function claimDemand(
  unit: Unit,
  tenant: string,
  id: string,
): Promise<DemandClaim | "busy" | undefined> {
  const row = await unit
    .updateTable("demand")
    .set({ fence: NEXT_FENCE, claimed_until: LEASE })
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where("state", "=", "open")
    .where(IS_FREE)
    .returning([
      "fence",
      "trigger",
      "selector",
      sql<number>`(extract(epoch from begins_at - now()) * 1000)::integer`.as("wait_ms"),
    ])
    .executeTakeFirst();
  if (row === undefined) return (await isOpen(unit, tenant, id)) ? "busy" : undefined;
  const { fence, trigger, selector, wait_ms: waitMs } = row;
  return { table: "demand", tenant, requestId: id, fence, trigger, selector, waitMs };
}

async function isOpen(unit: Unit, tenant: string, id: string): Promise<boolean> {
  const row = await unit
    .selectFrom("demand")
    .select("id")
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where("state", "=", "open")
    .executeTakeFirst();
  return row !== undefined;
}
