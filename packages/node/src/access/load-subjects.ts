import type { ConsentEvent, RequestKind } from "@miniprivacy/core";
import { CompiledQuery } from "kysely";
import type { Runtime } from "../runtime.ts";
import { subjectLookup } from "../subject/subject-store.ts";
import { RESTRICTING_STATES } from "../subject-request/subject-request-store.ts";

/** What is stored of a person that access depends on. */
export interface KnownSubject {
  readonly subjectId: string;
  /** Null when nothing is stored. */
  readonly subjectRef: string | null;
  /** Her consent events, in the order of the log. */
  readonly events: readonly ConsentEvent[];
  /** Whether an open request of hers keeps data from being used (PIPL-44, PIPL-47). */
  readonly restricted: boolean;
  /** How long the log was. */
  readonly logSize: number;
}

interface SubjectRow {
  readonly size: string | number;
  /** Whom it is about, counted from one. */
  readonly place: number;
  readonly ref: string | null;
  readonly restricted: boolean;
  readonly event: string | null;
}

// Everybody is looked up by herself, through the indexes: joined at once, tables without statistics (new, restored or
// embedded) are read in full for each of them.
const SUBJECTS = `
  select (select size from log_head), place::int, found.ref, consent.event,
    exists (select from subject_request r where r.tenant = $1 and r.subject_ref = found.ref
      and r.kind = any($3) and r.state = any($4)) as restricted
  from unnest($2::bytea[]) with ordinality as asked(lookup, place)
  left join lateral (select ref from subject where tenant = $1 and lookup = asked.lookup limit 1) found on true
  left join lateral (select leaf_index, convert_from(body, 'UTF8') as event from log_event
    where tenant = $1 and subject_ref = found.ref and kind = 'consent' offset 0) consent on true
  order by leaf_index`;

const RESTRICTING_KINDS: readonly RequestKind[] = ["erase", "restrict"];

/** Reads many persons as of one moment, in one statement. */
export async function loadSubjects(
  { database, keys }: Pick<Runtime, "database" | "keys">,
  tenant: string,
  subjectIds: readonly string[],
): Promise<readonly KnownSubject[]> {
  const lookups = subjectIds.map((subjectId) => subjectLookup(keys.index, { tenant, subjectId }));
  // Planned anew each time: a plan kept from when the tables were empty reads all of them.
  const { rows } = await database.tables.executeQuery<SubjectRow>(
    CompiledQuery.raw(SUBJECTS, [tenant, lookups, RESTRICTING_KINDS, RESTRICTING_STATES]),
  );
  const logSize = Number(rows[0]?.size ?? 0);
  const byPlace = subjectIds.map((): SubjectRow[] => []);
  for (const row of rows) byPlace[row.place - 1]!.push(row);
  return subjectIds.map((subjectId, i) => ({
    subjectId,
    subjectRef: byPlace[i]![0]?.ref ?? null,
    events: byPlace[i]!.flatMap(({ event }) =>
      event === null ? [] : [JSON.parse(event) as ConsentEvent],
    ),
    restricted: byPlace[i]![0]?.restricted ?? false,
    logSize,
  }));
}
