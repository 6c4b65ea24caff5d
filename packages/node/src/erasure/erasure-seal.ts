import { randomBytes } from "node:crypto";
import type { Unit } from "../database/database.ts";
import { keyedDigest, type Keys } from "../key/keys.ts";
import { seal, unseal } from "../key/seal.ts";

/** Keeps the name an erasure works on until the run is over: with the salt gone from the database, so is the key. */
export async function sealErasureSubject(
  unit: Unit,
  keys: Keys,
  tenant: string,
  requestId: string,
  subjectId: string,
): Promise<void> {
  const salt = randomBytes(16);
  await unit
    .insertInto("erasure_seal")
    .values({
      tenant,
      request_id: requestId,
      sealed_subject: seal(runKey(keys, salt), Buffer.from(subjectId), context(tenant, requestId)),
      run_salt: salt,
    })
    .execute();
}

/** The subjectId an erasure works on; undefined once our own records of the person are gone. */
export async function openErasureSubject(
  unit: Unit,
  keys: Keys,
  tenant: string,
  requestId: string,
): Promise<string | undefined> {
  const row = await unit
    .selectFrom("erasure_seal")
    .select(["sealed_subject", "run_salt"])
    .where("tenant", "=", tenant)
    .where("request_id", "=", requestId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { sealed_subject, run_salt } = row;
  return unseal(runKey(keys, run_salt), sealed_subject, context(tenant, requestId)).toString(
    "utf8",
  );
}

export async function destroyErasureSeal(
  unit: Unit,
  tenant: string,
  requestId: string,
): Promise<void> {
  await unit
    .deleteFrom("erasure_seal")
    .where("tenant", "=", tenant)
    .where("request_id", "=", requestId)
    .execute();
}

/** Destroys the seals of whatever else is still carried out for an erased person: it has nothing left to do. */
export async function destroySealsOf(
  unit: Unit,
  tenant: string,
  subjectRef: string,
): Promise<void> {
  await unit
    .deleteFrom("erasure_seal")
    .where("tenant", "=", tenant)
    .where("request_id", "in", (of) =>
      of
        .selectFrom("subject_request")
        .select("id")
        .where("tenant", "=", tenant)
        .where("subject_ref", "=", subjectRef),
    )
    .execute();
}

function runKey({ mac }: Keys, salt: Uint8Array): Uint8Array {
  return keyedDigest(mac, "erasure-run", salt);
}

function context(tenant: string, requestId: string): string {
  return `${tenant}/${requestId}`;
}
