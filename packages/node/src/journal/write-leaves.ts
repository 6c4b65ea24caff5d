import type { ConsentEvent } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Unit } from "../database/database.ts";
import { everyTenant } from "../database/tenant-guard.ts";
import type { Journal, LedgerRecord } from "./journal.ts";
import type { DemandContent } from "../demand/file-demand.ts";
import type { DemandEntry, DenialEntry } from "./ledger-entry.ts";

const LEAVES_AT_ONCE = 10_000;

/**
 * Copies the leaves that the journal lacks, up to a size of the log, and which of them refuse or withdraw a consent, or
 * demand an erasure of everybody.
 *
 * @throws PrivacyError `ERR_DATABASE_BEHIND_JOURNAL` when the journal knows of more.
 */
export async function writeLeaves(unit: Unit, journal: Journal, size: number): Promise<void> {
  let { size: written } = await journal.position();
  if (written > size) throw new PrivacyError("ERR_DATABASE_BEHIND_JOURNAL");
  for (; written < size; written = Math.min(size, written + LEAVES_AT_ONCE)) {
    const end = Math.min(size, written + LEAVES_AT_ONCE);
    const rows = await unit
      .selectFrom("log_leaf")
      .select("leaf_hash")
      .where("leaf_index", ">=", written)
      .where("leaf_index", "<", end)
      .orderBy("leaf_index")
      .execute();
    const hashes = rows.map(({ leaf_hash }) => leaf_hash);
    const denials = await loadDenials(unit, written, end);
    const demands = await loadDemands(unit, written, end);
    // Leaves come last: a process that dies between writes all of it again.
    await journal.append([...denials, ...demands, { type: "leaves", from: written, hashes }]);
  }
}

async function loadDenials(
  unit: Unit,
  from: number,
  end: number,
): Promise<readonly LedgerRecord[]> {
  const rows = await everyTenant(unit)
    .selectFrom("log_event")
    .select(["leaf_index", "tenant", "subject_ref", "body", "recorded_at"])
    .where("leaf_index", ">=", from)
    .where("leaf_index", "<", end)
    .where("kind", "=", "consent")
    .where("denies", "=", true)
    .orderBy("leaf_index")
    .execute();
  return rows.map(({ leaf_index, tenant, subject_ref, body, recorded_at }) => {
    const { purpose, status } = JSON.parse(body.toString("utf8")) as ConsentEvent;
    const entry: DenialEntry = {
      phase: "denied",
      tenant,
      subjectRef: subject_ref!,
      purpose,
      status,
    };
    return { type: "ledger", at: recorded_at.toISOString(), size: Number(leaf_index) + 1, entry };
  });
}

async function loadDemands(
  unit: Unit,
  from: number,
  end: number,
): Promise<readonly LedgerRecord[]> {
  const rows = await everyTenant(unit)
    .selectFrom("log_event")
    .select(["leaf_index", "tenant", "body", "recorded_at"])
    .where("leaf_index", ">=", from)
    .where("leaf_index", "<", end)
    .where("kind", "=", "demand")
    .orderBy("leaf_index")
    .execute();
  return rows.map(({ leaf_index, tenant, body, recorded_at }) => {
    const { id, trigger, selector, dueAt } = JSON.parse(body.toString("utf8")) as DemandContent;
    const entry: DemandEntry = { phase: "demanded", tenant, id, trigger, selector, dueAt };
    return { type: "ledger", at: recorded_at.toISOString(), size: Number(leaf_index) + 1, entry };
  });
}
