import type { ConsentEvent } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";

/** A statement names so many people at once. */
const BATCH = 5000;

/** The consent events of many people by their refs, each in the order of the log. */
export async function loadConsentEventsOf(
  unit: Unit,
  tenant: string,
  refs: readonly string[],
): Promise<ReadonlyMap<string, readonly ConsentEvent[]>> {
  const found = new Map<string, ConsentEvent[]>();
  const asked = [...new Set(refs)];
  for (let from = 0; from < asked.length; from += BATCH) {
    const rows = await unit
      .selectFrom("log_event")
      .select(["subject_ref", "body"])
      .where("tenant", "=", tenant)
      .where("kind", "=", "consent")
      .where("subject_ref", "in", asked.slice(from, from + BATCH))
      .orderBy("leaf_index")
      .execute();
    for (const { subject_ref, body } of rows) {
      const event = JSON.parse(body.toString("utf8")) as ConsentEvent;
      found.set(subject_ref!, [...(found.get(subject_ref!) ?? []), event]);
    }
  }
  return found;
}
