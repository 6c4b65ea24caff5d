import { PrivacyError } from "@miniprivacy/core/errors";
import { type RawBuilder, sql, type SqlBool } from "kysely";
import type { Unit } from "../database/database.ts";
import { everyTenant } from "../database/tenant-guard.ts";
import type { RunOutcome } from "./erasure-run.ts";

/** Something that this process is carrying out, and no other. */
export interface RunClaim {
  readonly table: ClaimTable;
  readonly tenant: string;
  readonly requestId: string;
  /** Raised by every claim: whoever holds an older number writes nothing any more. */
  readonly fence: number;
}

/** The tables whose rows are claimed. */
type ClaimTable = "subject_request" | "demand";

/** How long a claim stands when its holder is not heard of, by the database's clock. */
export const LEASE: RawBuilder<Date> = sql<Date>`now() + interval '5 seconds'`;
export const NEXT_FENCE: RawBuilder<number> = sql<number>`fence + 1`;
/** Whether nobody has it, or whoever had it is not heard of any more. */
export const IS_FREE: RawBuilder<SqlBool> = sql<SqlBool>`(claimed_until is null or claimed_until < now())`;
/** How often a holder must be heard of. */
const RENEW_MS = 1500;

/** Keeps a claim while work goes on, and lets another process have it at once when it ends. */
export async function holdingClaim(
  unit: Unit,
  claim: RunClaim,
  work: (held: () => boolean) => Promise<RunOutcome>,
  onError: (cause: unknown) => void,
): Promise<RunOutcome> {
  let held = true;
  let outcome: RunOutcome | undefined;
  const renewal = setInterval(() => {
    renewClaim(unit, claim).then((renewed) => (held &&= renewed), onError);
  }, RENEW_MS);
  try {
    outcome = await work(() => held);
    return outcome;
  } finally {
    clearInterval(renewal);
    // Nobody claims what is finished.
    if (outcome !== "finished") await ownClaim(unit, claim).set({ claimed_until: null }).execute();
  }
}

/**
 * Holds the claim until the end of the transaction.
 *
 * @throws PrivacyError `ERR_REQUEST_STATE` when another process has made one since.
 */
export async function requireClaim(
  unit: Unit,
  { table, tenant, requestId, fence }: RunClaim,
): Promise<void> {
  const row = await unit
    .selectFrom(table)
    .select("fence")
    .where("tenant", "=", tenant)
    .where("id", "=", requestId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.fence !== fence)
    throw new PrivacyError("ERR_REQUEST_STATE", { detail: "another process carries it out" });
}

/** A process that holds the database alone takes over at once what the one before it had claimed. */
export async function forgetClaims(unit: Unit): Promise<void> {
  for (const table of ["subject_request", "demand"] as const)
    await everyTenant(unit).updateTable(table).set({ claimed_until: null }).execute();
}

/** False once another process has claimed it. */
async function renewClaim(unit: Unit, claim: RunClaim): Promise<boolean> {
  const { numUpdatedRows } = await ownClaim(unit, claim)
    .set({ claimed_until: LEASE })
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

function ownClaim(unit: Unit, { table, tenant, requestId, fence }: RunClaim) {
  return unit
    .updateTable(table)
    .where("tenant", "=", tenant)
    .where("id", "=", requestId)
    .where("fence", "=", fence);
}
