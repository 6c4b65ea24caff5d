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
  readonly lookup: Buffer | null;
  readonly ref: string;
  readonly restricted: boolean;
  readonly body: Buffer | null;
}

const SUBJECTS = `
  select log_head.size, subject.lookup, subject.ref, log_event.body,
    exists (select from subject_request r where r.tenant = subject.tenant and r.subject_ref = subject.ref
      and r.kind = any($3) and r.state = any($4)) as restricted
  from log_head
  left join subject on subject.tenant = $1 and subject.lookup = any($2)
  left join log_event on log_event.tenant = subject.tenant and log_event.subject_ref = subject.ref
    and log_event.kind = 'consent'
  order by log_event.leaf_index`;

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
  const byLookup = new Map<string, SubjectRow[]>();
  for (const row of rows) {
    const key = row.lookup?.toString("latin1") ?? "";
    const group = byLookup.get(key);
    if (group === undefined) byLookup.set(key, [row]);
    else group.push(row);
  }
  return subjectIds.map((subjectId, i) => {
    const own = byLookup.get(lookups[i]!.toString("latin1")) ?? [];
    return {
      subjectId,
      subjectRef: own[0]?.ref ?? null,
      events: own.flatMap(({ body }) =>
        body === null ? [] : [JSON.parse(body.toString("utf8")) as ConsentEvent],
      ),
      restricted: own[0]?.restricted ?? false,
      logSize,
    };
  });
}
