import {
  type ConsentEvent,
  consentStatus,
  decidingEvent,
  isPermitting,
  type RequestState,
  withdrawalEffect,
} from "@miniprivacy/core";
import { loadConsentEvents } from "../consent/consent-store.ts";
import { policyWithPurpose } from "../consent/policy-with-purpose.ts";
import type { Unit } from "../database/database.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";
import type { ClaimedRun } from "./claimed-run.ts";
import { derivedClaim } from "./erasure-certificate.ts";
import type { ErasureClaim } from "./erasure-claim.ts";
import type { RunOutcome } from "./erasure-run.ts";
import { destroyErasureSeal, openErasureSubject } from "./erasure-seal.ts";
import { dropSteps, isErased, loadSteps, retryDelay } from "./erasure-step.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { releasedFields } from "./released-fields.ts";

/** How long a withdrawal that is on file may wait for its decision to be recorded: the process may have died between. */
const RECORD_MS = 60_000;
const RECORD_DELAY_MS = 200;

/** What is to be done for a withdrawal now. */
type Due =
  /** The decision is not recorded, or not yet. */
  | "not-recorded"
  /** Categories that nothing keeps. */
  | readonly string[];

/**
 * Carries out what a withdrawal sets off: of each record, the fields that no other live purpose keeps go. Each attempt
 * asks anew which they are, under the log's head: who has consented again meanwhile loses nothing.
 *
 * @see WX-4.4.4d, PIPL-15, PIPL-47
 */
export function createWithdrawalRun(
  runtime: Runtime,
  targets: readonly ErasureTarget[],
): (claimed: ClaimedRun) => Promise<RunOutcome> {
  const { database, keys } = runtime;
  const { tables } = database;

  return async (claimed) => {
    const { claim, attempt } = claimed;
    const { tenant, requestId } = claim;
    const begun = await begin(claimed);
    if (begun === "closed") return "finished";
    if (begun === "not-recorded") return { retryInMs: RECORD_DELAY_MS };
    const subjectId = await openErasureSubject(tables, keys, tenant, requestId);
    // Without a seal an erasure has taken everything meanwhile.
    if (subjectId !== undefined) {
      const failing = await attempt({ tenant, subjectId }, begun);
      if (failing.length > 0) return { retryInMs: retryDelay(failing) };
    }
    await finish(claimed);
    return "finished";
  };

  /** Says what this attempt erases; other steps are needless from now on. */
  async function begin({
    claim,
    fenced,
    move,
  }: ClaimedRun): Promise<"closed" | "not-recorded" | readonly ErasureTarget[]> {
    return fenced(async (unit) => {
      // Requirement PIPL-47: what a live purpose keeps stays; a consent given from here on waits until the attempt is over.
      await lockLogHead(unit.unit);
      const due = await dueCategories(unit.unit, runtime, claim);
      if (due === "not-recorded") {
        if (runtime.now() - claim.receivedAt.getTime() < RECORD_MS) return "not-recorded";
        await destroyErasureSeal(unit.unit, claim.tenant, claim.requestId);
        await move(unit, claim.state, { event: "withdraw" });
        return "closed";
      }
      let state: RequestState = claim.state;
      if (state === "received") state = await move(unit, state, { event: "accept" });
      if (state !== "executing") await move(unit, state, { event: "execute" });
      const narrowed = narrowedTargets(targets, due);
      const needless = (await loadSteps(unit.unit, claim)).filter(
        (step) => !isErased(step) && isKeptNow(step, targets, narrowed),
      );
      await dropSteps(unit.unit, claim, needless);
      return narrowed;
    });
  }

  async function finish({ claim, fenced, move }: ClaimedRun): Promise<void> {
    await fenced(async (unit) => {
      const steps = await loadSteps(unit.unit, claim);
      await dropSteps(
        unit.unit,
        claim,
        steps.filter((step) => !isErased(step)),
      );
      await destroyErasureSeal(unit.unit, claim.tenant, claim.requestId);
      const erased = steps.filter(isErased);
      const isGone =
        erased.length === 0 || derivedClaim(runtime, erased, runtime.now()) === "deleted";
      await move(unit, "executing", { event: isGone ? "fulfil" : "fulfil-partly" });
    });
  }
}

/** Asked while the log's head is held. */
async function dueCategories(unit: Unit, runtime: Runtime, claim: ErasureClaim): Promise<Due> {
  const { tenant, subjectRef, receivedAt } = claim;
  const stored = (await loadConsentEvents(unit, tenant, [subjectRef])).get(subjectRef)!;
  const events = stored.map(({ event }) => event);
  // An erased person has no events: whoever she is now, nothing of hers is due.
  if (events.length === 0) return [];
  const isRecorded = events.some(
    (event) =>
      event.purpose === claim.purpose &&
      !isPermitting(event.status) &&
      Date.parse(event.recordedAt) >= receivedAt.getTime(),
  );
  if (!isRecorded) return "not-recorded";
  const live = new Set(
    [...runtime.standing].flatMap(([id, standing]) =>
      isPermitting(consentStatus(events, id, standing, runtime.now()).status) ? [id] : [],
    ),
  );
  const released = withdrawnPurposes(events)
    .filter((purpose) => !live.has(purpose))
    .flatMap((purpose) => {
      const policy = policyWithPurpose(runtime, purpose);
      return policy === undefined ? [] : withdrawalEffect(policy, purpose, live).categories;
    });
  return [...new Set(released)];
}

/** The purposes she once consented to and denies now: what several of them keep together goes with the last. */
function withdrawnPurposes(events: readonly ConsentEvent[]): readonly string[] {
  const consented = events.filter(({ status }) => isPermitting(status));
  const purposes = [...new Set(consented.map(({ purpose }) => purpose))];
  return purposes.filter((purpose) => {
    const deciding = decidingEvent(events, purpose);
    return deciding !== undefined && !isPermitting(deciding.status);
  });
}

/** Of each target the fields that go. */
function narrowedTargets(
  targets: readonly ErasureTarget[],
  categories: readonly string[],
): readonly ErasureTarget[] {
  return targets.flatMap((target) => {
    const fields = releasedFields(target.record, categories);
    return fields.length === 0 ? [] : [{ ...target, fields }];
  });
}

/** Whether a target that was to be erased is kept by a purpose again. */
function isKeptNow(
  { store, record }: { readonly store: string; readonly record: string },
  targets: readonly ErasureTarget[],
  narrowed: readonly ErasureTarget[],
): boolean {
  const isIn = (some: readonly ErasureTarget[]): boolean =>
    some.some((target) => target.store === store && target.record.name === record);
  return isIn(targets) && !isIn(narrowed);
}
