import { fileDemand } from "../demand/file-demand.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import type { DatedEntry, DemandEntry } from "./ledger-entry.ts";

/**
 * Puts a demand on file again that a restored database has lost, in the caller's transaction: its gate is closed, and it is
 * carried out on whatever the backup brought back.
 *
 * @param staff Who replays.
 */
export async function repeatDemand(
  runtime: Pick<Runtime, "keys" | "now">,
  logUnit: LogUnit,
  { tenant, id, trigger, selector, dueAt }: DatedEntry<DemandEntry>,
  staff: string,
): Promise<void> {
  const known = await logUnit.unit
    .selectFrom("demand")
    .select("id")
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .executeTakeFirst();
  // Requirement WX-4.10a: what a backup brings back is erased again.
  if (known === undefined)
    await fileDemand(logUnit, runtime, { id, trigger, selector, dueAt }, { tenant, staff });
}
