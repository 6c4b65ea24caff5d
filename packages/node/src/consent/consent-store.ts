import { CompiledQuery } from "kysely";
import type { ConsentEvent } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";
import type { ConsentSubject } from "../subject/subject-identity.ts";
import { deviceNameOf, subjectLookup, type SubjectLink } from "../subject/subject-store.ts";

/** A consent event as stored, with its place in the log. */
export interface StoredConsent {
  readonly leafIndex: number;
  readonly event: ConsentEvent;
}

/** What is stored of one person or device. */
export interface ConsentHistory {
  readonly link: SubjectLink | undefined;
  /** In the order of the log. */
  readonly events: readonly StoredConsent[];
  /** What notices call the devices that have become this person's. */
  readonly deviceNames: readonly string[];
}

interface EventRow {
  readonly leaf_index: string | number | bigint;
  readonly body: Buffer;
}

type HistoryRow = SubjectLink & { readonly devices: readonly Buffer[] | null } & (
    | EventRow
    | { readonly leaf_index: null }
  );

const HISTORY = `
  select subject.ref, subject.epoch, subject.linked_to as "linkedTo", leaf_index, body,
    case when row_number() over (order by leaf_index) = 1 then
      array(select device.lookup from subject device
        where device.tenant = subject.tenant and device.linked_to = subject.ref) end as devices
  from subject left join log_event
    on log_event.tenant = subject.tenant and log_event.subject_ref = subject.ref and log_event.kind = 'consent'
  where subject.tenant = $1 and subject.lookup = $2 order by leaf_index`;

/** Link, consent events and devices of one person or device, as of one moment. */
export async function loadHistory(
  unit: Unit,
  indexKey: Uint8Array,
  subject: ConsentSubject,
): Promise<ConsentHistory> {
  const values = [subject.tenant, subjectLookup(indexKey, subject)];
  // Planned anew each time: a plan kept from when the tables were empty reads all of them.
  const { rows } = await unit.executeQuery<HistoryRow>(CompiledQuery.raw(HISTORY, values));
  const [first] = rows;
  if (first === undefined) return { link: undefined, events: [], deviceNames: [] };
  const { ref, epoch, linkedTo, devices } = first;
  return {
    link: { ref, epoch, linkedTo },
    events: rows.flatMap((row) => (row.leaf_index === null ? [] : [storedConsent(row)])),
    deviceNames: (devices ?? []).map(deviceNameOf),
  };
}

/** A statement names so many people at once. */
const MOST_REFS = 5000;

/** The consent events of people and devices by their refs, each in the order of the log. */
export async function loadConsentEvents(
  unit: Unit,
  tenant: string,
  refs: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredConsent[]>> {
  const found = new Map(refs.map((ref): [string, StoredConsent[]] => [ref, []]));
  const asked = [...found.keys()];
  for (let from = 0; from < asked.length; from += MOST_REFS) {
    const rows = await unit
      .selectFrom("log_event")
      .select(["leaf_index", "subject_ref", "body"])
      .where("tenant", "=", tenant)
      .where("subject_ref", "in", asked.slice(from, from + MOST_REFS))
      .where("kind", "=", "consent")
      .orderBy("leaf_index")
      .execute();
    for (const row of rows) found.get(row.subject_ref!)!.push(storedConsent(row));
  }
  return found;
}

/** The receipts of events by their leaf; none where nobody decided before us: an imported consent. */
export async function loadReceipts(
  unit: Unit,
  tenant: string,
  events: readonly StoredConsent[],
): Promise<ReadonlyMap<number, string>> {
  if (events.length === 0) return new Map();
  const leaves = events.map(({ leafIndex }) => leafIndex);
  const rows = await unit
    .selectFrom("log_event")
    .select(["leaf_index", "statement"])
    .where("tenant", "=", tenant)
    .where("leaf_index", "in", leaves)
    .execute();
  return new Map(
    rows.flatMap(({ leaf_index, statement }) =>
      statement === null ? [] : [[Number(leaf_index), statement]],
    ),
  );
}

function storedConsent({ leaf_index, body }: EventRow): StoredConsent {
  return {
    leafIndex: Number(leaf_index),
    event: JSON.parse(body.toString("utf8")) as ConsentEvent,
  };
}

/** The leaf of the last event that matches, or -1. */
export function lastLeaf(
  events: readonly StoredConsent[],
  matches: (event: ConsentEvent) => boolean,
): number {
  return events.findLast(({ event }) => matches(event))?.leafIndex ?? -1;
}
