import type { RequestState } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";
import type { RunRequest } from "./erasure-target.ts";

/** The requests that a stopped process left unfinished. */
export async function unfinishedErasures(
  unit: Unit,
): Promise<readonly { readonly tenant: string; readonly id: string }[]> {
  return unit
    .selectFrom("subject_request")
    .select(["tenant", "id"])
    .where("kind", "=", "erase")
    .where("state", "in", ["accepted", "executing"])
    .orderBy("received_at")
    .execute();
}

/** Reads an erasure that is accepted or under way; undefined for any other request. */
export async function loadRun(
  unit: Unit,
  tenant: string,
  id: string,
): Promise<RunRequest | undefined> {
  const row = await unit
    .selectFrom("subject_request")
    .selectAll()
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where("state", "in", ["accepted", "executing"])
    .executeTakeFirst();
  if (
    row === undefined ||
    row.sealed_subject === null ||
    row.run_salt === null ||
    row.commitment === null
  )
    return undefined;
  return {
    tenant,
    requestId: id,
    subjectRef: row.subject_ref,
    state: row.state as RequestState,
    receivedAt: row.received_at,
    commitment: row.commitment,
    sealedSubject: row.sealed_subject,
    runSalt: row.run_salt,
  };
}
