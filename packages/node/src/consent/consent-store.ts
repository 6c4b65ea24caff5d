import type { ConsentEvent } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";

/** A consent event as stored, with its place in the log. */
export interface StoredConsent {
  readonly leafIndex: number;
  readonly event: ConsentEvent;
  /** None where nobody decided before us: an imported consent. */
  readonly receipt: string | undefined;
}

/** The consent events of one person or device in the order of the log. */
export async function loadConsentEvents(
  unit: Unit,
  tenant: string,
  ref: string,
): Promise<readonly StoredConsent[]> {
  const rows = await unit
    .selectFrom("log_event")
    .select(["leaf_index", "body", "statement"])
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", ref)
    .where("kind", "=", "consent")
    .orderBy("leaf_index")
    .execute();
  return rows.map(({ leaf_index, body, statement }) => ({
    leafIndex: Number(leaf_index),
    event: JSON.parse(body.toString("utf8")) as ConsentEvent,
    receipt: statement ?? undefined,
  }));
}

/** The leaf of the last event that matches, or -1. */
export function lastLeaf(
  events: readonly StoredConsent[],
  matches: (event: ConsentEvent) => boolean,
): number {
  return events.findLast(({ event }) => matches(event))?.leafIndex ?? -1;
}
