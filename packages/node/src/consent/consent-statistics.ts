import type { ConsentStatus } from "@miniprivacy/core";
import { sql } from "kysely";
import type { Unit } from "../database/database.ts";

/** How often something was decided; nobody is in it. */
export interface DecisionCount {
  readonly purpose: string;
  readonly status: ConsentStatus;
  /** Of the notice; null where none was served. */
  readonly language: string | null;
  readonly policyVersion: string;
  readonly count: number;
}

/** Counts the decisions of a tenant on record, erased people's left out. */
export async function countDecisions(
  unit: Unit,
  tenant: string,
): Promise<readonly DecisionCount[]> {
  const { rows } = await sql<DecisionCount>`
    select topic as purpose, body ->> 'status' as status, body -> 'notice' ->> 'language' as language,
      body -> 'policy' ->> 'version' as "policyVersion", count(*)::int as count
    from (
      select topic, convert_from(body, 'UTF8')::jsonb as body from log_event
      where tenant = ${tenant} and kind = 'consent'
    ) decisions
    -- What a sign-in took over is counted as the device's.
    where not body ? 'origin'
    group by 1, 2, 3, 4
    order by 1, 2, 3 nulls first, 4`.execute(unit);
  return rows;
}
