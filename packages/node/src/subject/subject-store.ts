import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Unit } from "../database/database.ts";
import { keyedDigest } from "../key/keys.ts";

/** A person as our records know them: a random name that only the `subject` row links to the host's subjectId. */
export interface SubjectLink {
  readonly ref: string;
  readonly epoch: number;
}

/** Finds the link of a person, or undefined when there is none. */
export async function findSubject(
  unit: Unit,
  indexKey: Uint8Array,
  tenant: string,
  subjectId: string,
): Promise<SubjectLink | undefined> {
  return unit
    .selectFrom("subject")
    .select(["ref", "epoch"])
    .where("tenant", "=", tenant)
    .where("lookup", "=", subjectLookup(indexKey, tenant, subjectId))
    .executeTakeFirst();
}

/** Finds the link of a person, or makes one: a new random name and an epoch never used before in this tenant. */
export async function linkSubject(
  unit: Unit,
  indexKey: Uint8Array,
  tenant: string,
  subjectId: string,
  now: Date,
): Promise<SubjectLink> {
  const found = await findSubject(unit, indexKey, tenant, subjectId);
  if (found !== undefined) return found;
  const { epoch } = await unit
    .insertInto("subject_epoch")
    .values({ tenant, next_epoch: 1 })
    .onConflict((conflict) =>
      conflict.column("tenant").doUpdateSet({ next_epoch: sql`subject_epoch.next_epoch + 1` }),
    )
    .returning("next_epoch as epoch")
    .executeTakeFirstOrThrow();
  const lookup = subjectLookup(indexKey, tenant, subjectId);
  return unit
    .insertInto("subject")
    .values({ tenant, lookup, ref: randomBytes(16).toString("base64url"), epoch, created_at: now })
    .onConflict((conflict) => conflict.columns(["tenant", "lookup"]).doUpdateSet({ tenant }))
    .returning(["ref", "epoch"])
    .executeTakeFirstOrThrow();
}

/** Deletes the link: from here on nobody can tell whose our records were. Returns how many rows went. */
export async function unlinkSubject(unit: Unit, tenant: string, ref: string): Promise<number> {
  const { numDeletedRows } = await unit
    .deleteFrom("subject")
    .where("tenant", "=", tenant)
    .where("ref", "=", ref)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function subjectLookup(indexKey: Uint8Array, tenant: string, subjectId: string): Buffer {
  return keyedDigest(indexKey, tenant, subjectId);
}
