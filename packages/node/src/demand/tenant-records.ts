import type { Unit } from "../database/database.ts";
import type { FencedRun } from "../erasure/claimed-run.ts";
import { isUnfinished } from "../erasure/erasure-claim.ts";
import { type ErasureStep, latestEnd, loadSteps, saveSteps } from "../erasure/erasure-step.ts";
import { OWN_STORE } from "../erasure/erasure-target.ts";
import { type ErasedRecords, erasePersonRecords, ownSteps } from "../erasure/own-records.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";

/** People whose records go in one transaction. */
const BATCH = 50;
const NOTHING: ErasedRecords = {
  consents: { before: 0, after: 0 },
  links: { before: 0, after: 0 },
  keepUntil: null,
};

/**
 * Our own records of everybody of a tenant, so many people a transaction.
 *
 * @returns False while requests of people of the tenant are carried out: they come to their end first.
 */
export async function eraseTenantRecords(
  runtime: Runtime,
  { claim, fenced }: FencedRun,
  position: number,
): Promise<boolean> {
  const { tenant, requestId } = claim;
  for (;;) {
    const left = await fenced(async (logUnit) => {
      const { unit } = logUnit;
      const at = new Date(runtime.now());
      await lockLogHead(unit);
      if (await hasUnfinished(unit, tenant)) return "requests";
      const known = (await loadSteps(unit, claim)).filter(({ store }) => store === OWN_STORE);
      let steps = known.length > 0 ? known : ownSteps(position, NOTHING);
      const people = await somePeople(unit, tenant);
      for (const subjectRef of people) {
        const erased = await erasePersonRecords(
          runtime,
          logUnit,
          { tenant, requestId, subjectRef },
          at,
        );
        steps = added(steps, ownSteps(position, erased));
      }
      await saveSteps(unit, claim, steps, at);
      return people.length > 0 ? "people" : "nobody";
    });
    if (left !== "people") return left === "nobody";
  }
}

async function hasUnfinished(unit: Unit, tenant: string): Promise<boolean> {
  const row = await unit
    .selectFrom("subject_request")
    .select("id")
    .where("tenant", "=", tenant)
    .where(isUnfinished)
    .executeTakeFirst();
  return row !== undefined;
}

/** People, and devices that are nobody's yet; what became a person's goes with her. */
async function somePeople(unit: Unit, tenant: string): Promise<readonly string[]> {
  const rows = await unit
    .selectFrom("subject")
    .select("ref")
    .where("tenant", "=", tenant)
    .where("linked_to", "is", null)
    .limit(BATCH)
    .execute();
  return rows.map(({ ref }) => ref);
}

function added(
  steps: readonly ErasureStep[],
  more: readonly ErasureStep[],
): readonly ErasureStep[] {
  return steps.map((step, i) => {
    const other = more[i]!;
    const untils = [step.until, other.until].filter((until) => until !== null);
    const countBefore = (step.countBefore ?? 0) + (other.countBefore ?? 0);
    return {
      ...step,
      countBefore,
      countAfter: (step.countAfter ?? 0) + (other.countAfter ?? 0),
      readPathProven: countBefore > 0,
      until: latestEnd(untils.map((until) => ({ where: OWN_STORE, until }))),
    };
  });
}
