import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Unit } from "../database/database.ts";
import { subjectLookup } from "./subject-store.ts";

/**
 * Finds or makes the links of many people of one tenant in two statements.
 *
 * @returns Each subjectId's ref.
 */
export async function linkSubjects(
  unit: Unit,
  indexKey: Uint8Array,
  tenant: string,
  subjectIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const lookups = subjectIds.map((subjectId) => subjectLookup(indexKey, { tenant, subjectId }));
  const { next } = await unit
    .insertInto("subject_epoch")
    .values({ tenant, next_epoch: subjectIds.length })
    .onConflict((conflict) =>
      conflict
        .column("tenant")
        .doUpdateSet({ next_epoch: sql`subject_epoch.next_epoch + ${subjectIds.length}` }),
    )
    .returning("next_epoch as next")
    .executeTakeFirstOrThrow();
  const rows = lookups.map((lookup, i) => ({
    tenant,
    lookup,
    ref: randomBytes(16).toString("base64url"),
    epoch: next - i,
    created_at: now,
  }));
  const stored = await unit
    .insertInto("subject")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["tenant", "lookup"]).doUpdateSet({ tenant }))
    .returning(["lookup", "ref"])
    .execute();
  const refs = new Map(stored.map(({ lookup, ref }) => [lookup.toString("hex"), ref]));
  return new Map(subjectIds.map((id, i) => [id, refs.get(lookups[i]!.toString("hex"))!]));
}
