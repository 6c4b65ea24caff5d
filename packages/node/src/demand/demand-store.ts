import type { Unit } from "../database/database.ts";
import { loadSteps } from "../erasure/erasure-step.ts";
import type { Demand } from "./demand.ts";

/** Finds a demand, and where it stands with every store. */
export async function findDemand(
  unit: Unit,
  tenant: string,
  id: string,
): Promise<Demand | undefined> {
  const row = await unit
    .selectFrom("demand")
    .selectAll()
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const steps = await loadSteps(unit, { tenant, requestId: id });
  return {
    id,
    trigger: row.trigger,
    selector: row.selector,
    orderId: row.order_id,
    state: row.state as Demand["state"],
    openedAt: row.opened_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    steps: steps.map(({ store, record, countBefore: rows, erased, outcome, fault, attempts }) => ({
      store,
      record,
      rows,
      erased,
      outcome,
      fault,
      attempts,
    })),
    certificateId: row.certificate_id,
  };
}

/** A tenant's demands, the newest first. */
export async function loadDemands(unit: Unit, tenant: string): Promise<readonly Demand[]> {
  const rows = await unit
    .selectFrom("demand")
    .select("id")
    .where("tenant", "=", tenant)
    .orderBy("opened_at", "desc")
    .orderBy("id")
    .execute();
  const demands = await Promise.all(rows.map(({ id }) => findDemand(unit, tenant, id)));
  return demands.filter((demand) => demand !== undefined);
}
