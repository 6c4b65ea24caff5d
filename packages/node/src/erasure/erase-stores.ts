import { PrivacyError } from "@miniprivacy/core/errors";
import {
  erase,
  type ErasureStep,
  failed,
  isErased,
  newStep,
  observe,
  readBack,
} from "./erasure-step.ts";
import type { StoreReader } from "./store-reader.ts";

/** What is erased of one record in one store, and how it is asked. */
export interface ErasureScope {
  readonly store: string;
  readonly record: string;
  readonly reader: StoreReader;
}

export interface StorePass {
  readonly scopes: readonly ErasureScope[];
  readonly now: () => number;
  /** Whether this process still holds the claim. */
  readonly held: () => boolean;
  /** Writes steps down under the claim. */
  readonly save: (steps: readonly ErasureStep[]) => Promise<void>;
}

interface Work {
  readonly step: ErasureStep;
  /** Undefined where no connector reaches the store any more. */
  readonly reader: StoreReader | undefined;
  /** Whether this attempt has failed here. */
  readonly halted: boolean;
}

/**
 * One attempt at every store: what is not erased yet is counted and erased, then everything is read back, so that a row
 * written to one store while another was erased is seen. A store that fails stops no other; records of one store are
 * taken in their order, stores side by side. No transaction is open while a store is asked.
 *
 * @returns Every step as it stands now.
 */
export async function eraseStores(
  known: readonly ErasureStep[],
  pass: StorePass,
): Promise<readonly ErasureStep[]> {
  const { save, now } = pass;
  const planned = await each(plan(known, pass), async ({ step, reader }) =>
    isErased(step) || reader === undefined ? step : observe(step, reader),
  );
  await save(planned.map(({ step }) => step));
  const erased = await each(planned, async ({ step, reader, halted }) => {
    if (isErased(step) || halted || reader === undefined) return step;
    if (!pass.held())
      throw new PrivacyError("ERR_REQUEST_STATE", { detail: "another process carries it out" });
    return erase(step, reader, now());
  });
  const read = await each(erased, async ({ step, reader, halted }) => {
    if (halted) return step;
    if (reader === undefined) return isErased(step) ? step : failed(step, "not-connected");
    return readBack(step, reader, now());
  });
  const steps = read.map(({ step }) => step);
  await save(steps);
  return steps;
}

/** A step for each scope, and those whose connector is gone. */
function plan(known: readonly ErasureStep[], { scopes }: StorePass): readonly Work[] {
  const isOf = (step: ErasureStep, { store, record }: ErasureScope): boolean =>
    step.store === store && step.record === record;
  const reached = scopes.map((scope, position) => {
    const step =
      known.find((one) => isOf(one, scope)) ?? newStep(scope.store, scope.record, position);
    return { step: { ...step, position }, reader: scope.reader, halted: false };
  });
  const lost = known
    .filter((step) => !scopes.some((scope) => isOf(step, scope)))
    .map((step) => ({ step, reader: undefined, halted: false }));
  return [...reached, ...lost];
}

/** Stores side by side, the records of one store in their order. */
async function each(
  works: readonly Work[],
  next: (work: Work) => Promise<ErasureStep>,
): Promise<readonly Work[]> {
  const stores = [...new Set(works.map(({ step }) => step.store))];
  const done = await Promise.all(
    stores.map(async (store) => {
      const results: Work[] = [];
      for (const work of works.filter(({ step }) => step.store === store)) {
        const step = await next(work);
        results.push({ ...work, step, halted: work.halted || step.attempts > work.step.attempts });
      }
      return results;
    }),
  );
  return done.flat().toSorted((a, b) => a.step.position - b.step.position);
}
