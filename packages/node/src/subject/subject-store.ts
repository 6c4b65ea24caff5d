import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Unit } from "../database/database.ts";
import { keyedDigest } from "../key/keys.ts";
import type { ConsentSubject, DeviceIdentity } from "./subject-identity.ts";

/** A person or device as our records know them: a random name that only the `subject` row links to the host's own. */
export interface SubjectLink {
  readonly ref: string;
  readonly epoch: number;
  /** Of a device that has become a person's: her ref. */
  readonly linkedTo: string | null;
}

const COLUMNS = ["ref", "epoch", "linked_to as linkedTo"] as const;

/** Finds the link of a person or device, or undefined when there is none. */
export async function findSubject(
  unit: Unit,
  indexKey: Uint8Array,
  subject: ConsentSubject,
): Promise<SubjectLink | undefined> {
  return unit
    .selectFrom("subject")
    .select(COLUMNS)
    .where("tenant", "=", subject.tenant)
    .where("lookup", "=", subjectLookup(indexKey, subject))
    .executeTakeFirst();
}

/** Finds the link, or makes one: a new random name and an epoch never used before in this tenant. */
export async function linkSubject(
  unit: Unit,
  indexKey: Uint8Array,
  subject: ConsentSubject,
  now: Date,
): Promise<SubjectLink> {
  const found = await findSubject(unit, indexKey, subject);
  if (found !== undefined) return found;
  const { tenant } = subject;
  const { epoch } = await unit
    .insertInto("subject_epoch")
    .values({ tenant, next_epoch: 1 })
    .onConflict((conflict) =>
      conflict.column("tenant").doUpdateSet({ next_epoch: sql`subject_epoch.next_epoch + 1` }),
    )
    .returning("next_epoch as epoch")
    .executeTakeFirstOrThrow();
  const lookup = subjectLookup(indexKey, subject);
  return unit
    .insertInto("subject")
    .values({ tenant, lookup, ref: randomBytes(16).toString("base64url"), epoch, created_at: now })
    .onConflict((conflict) => conflict.columns(["tenant", "lookup"]).doUpdateSet({ tenant }))
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}

/** The refs of the devices that have become a person's. */
export async function loadDeviceRefs(
  unit: Unit,
  tenant: string,
  ref: string,
): Promise<readonly string[]> {
  const rows = await unit
    .selectFrom("subject")
    .select("ref")
    .where("tenant", "=", tenant)
    .where("linked_to", "=", ref)
    .execute();
  return rows.map((row) => row.ref);
}

/** What a notice calls a device: known before anything is stored of it. */
export function deviceName(indexKey: Uint8Array, device: DeviceIdentity): string {
  return deviceNameOf(subjectLookup(indexKey, device));
}

/** Makes a device a person's; false when it is somebody's already. */
export async function linkDevice(
  unit: Unit,
  tenant: string,
  deviceRef: string,
  personRef: string,
): Promise<boolean> {
  const { numUpdatedRows } = await unit
    .updateTable("subject")
    .set({ linked_to: personRef })
    .where("tenant", "=", tenant)
    .where("ref", "=", deviceRef)
    .where("linked_to", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Whose a device is that was an erased person's: nobody's, and never its own again. */
const NOBODY = "";

/**
 * Ends the links of a person and her devices: nobody can tell any more whose our records were. Her row is deleted. A
 * device keeps one that leads to nobody until no notice served to it can be answered any more: what it sent before the
 * erasure and is delivered again must not permit anything.
 *
 * @returns How many links went.
 */
export async function unlinkSubject(
  unit: Unit,
  tenant: string,
  ref: string,
  at: Date,
): Promise<number> {
  const { numDeletedRows } = await unit
    .deleteFrom("subject")
    .where("tenant", "=", tenant)
    .where("ref", "=", ref)
    .executeTakeFirstOrThrow();
  const { numUpdatedRows } = await unit
    .updateTable("subject")
    .set({ linked_to: NOBODY, created_at: at, ref: sql`gen_random_uuid()::text` })
    .where("tenant", "=", tenant)
    .where("linked_to", "=", ref)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows) + Number(numUpdatedRows);
}

export function deviceNameOf(lookup: Buffer): string {
  return `device:${lookup.toString("base64url")}`;
}

/** What a person or device is found by: a keyed digest, never the name. */
export function subjectLookup(indexKey: Uint8Array, subject: ConsentSubject): Buffer {
  return "deviceSecret" in subject
    ? keyedDigest(indexKey, subject.tenant, "device", subject.deviceSecret)
    : keyedDigest(indexKey, subject.tenant, subject.subjectId);
}
