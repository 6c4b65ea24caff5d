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

/** Something of one record in one store. */
export interface StoreTarget {
  readonly store: string;
  readonly record: { readonly name: string };
}

export interface StorePass<Target extends StoreTarget> {
  readonly targets: readonly Target[];
  /** How targets of one store are asked. */
  readonly readersOf: ReadersOf<Target>;
  readonly now: () => number;
  /** Whether this process still holds the claim. */
  readonly held: () => boolean;
  /** Writes down what was counted, under the claim. */
  readonly save: (steps: readonly ErasureStep[]) => Promise<void>;
}

/** @param counts How many rows each is known to have. */
export type ReadersOf<Target extends StoreTarget> = (
  targets: readonly Target[],
  counts: readonly number[],
) => readonly StoreReader[];

interface Work<Target> {
  readonly step: ErasureStep;
  /** Undefined where no connector reaches the store any more. */
  readonly target: Target | undefined;
  /** Whether this attempt has failed here. */
  readonly halted: boolean;
}

interface Reached<Target> extends Work<Target> {
  readonly target: Target;
}

/**
 * One attempt at every store: what is not erased yet is counted and erased, then everything is read back, so that a row
 * written to one store while another was erased is seen. A store that fails stops no other; records of one store are
 * taken in their order, stores side by side. No transaction is open while a store is asked.
 *
 * @returns Every step as it stands now; that is not written down yet.
 */
export async function eraseStores<Target extends StoreTarget>(
  known: readonly ErasureStep[],
  pass: StorePass<Target>,
): Promise<readonly ErasureStep[]> {
  const { save, now } = pass;
  const planned = await each(
    plan(known, pass.targets),
    pass,
    ({ step }) => !isErased(step),
    observe,
  );
  await save(planned.map(({ step }) => step));
  const erased = await each(
    planned,
    pass,
    ({ step, halted }) => !isErased(step) && !halted,
    async (step, reader) => {
      if (!pass.held())
        throw new PrivacyError("ERR_REQUEST_STATE", { detail: "another process carries it out" });
      return erase(step, reader, now());
    },
  );
  const read = await each(
    erased,
    pass,
    ({ halted }) => !halted,
    (step, reader) => readBack(step, reader, now()),
  );
  return read.map(({ step, target }) =>
    target === undefined && !isErased(step) ? failed(step, "not-connected") : step,
  );
}

/** A step for each target, and those whose target is gone. */
function plan<Target extends StoreTarget>(
  known: readonly ErasureStep[],
  targets: readonly Target[],
): readonly Work<Target>[] {
  const isOf = (step: ErasureStep, { store, record }: StoreTarget): boolean =>
    step.store === store && step.record === record.name;
  const reached = targets.map((target, position) => {
    const step =
      known.find((one) => isOf(one, target)) ?? newStep(target.store, target.record.name, position);
    return { step: { ...step, position }, target, halted: false };
  });
  const lost = known
    .filter((step) => !targets.some((target) => isOf(step, target)))
    .map((step) => ({ step, target: undefined, halted: false }));
  return [...reached, ...lost];
}

/** Takes those that are due a step further: stores side by side, the records of one store in their order. */
async function each<Target extends StoreTarget>(
  works: readonly Work<Target>[],
  { readersOf }: StorePass<Target>,
  isDue: (work: Work<Target>) => boolean,
  next: (step: ErasureStep, reader: StoreReader) => Promise<ErasureStep>,
): Promise<readonly Work<Target>[]> {
  const due = works.filter(
    (work): work is Reached<Target> => work.target !== undefined && isDue(work),
  );
  const stores = [...new Set(due.map(({ target }) => target.store))];
  const done = await Promise.all(
    stores.map(async (store) => {
      const own = due.filter(({ target }) => target.store === store);
      const readers = readersOf(
        own.map(({ target }) => target),
        own.map(({ step }) => step.countBefore ?? 0),
      );
      const results: Work<Target>[] = [];
      for (const [i, work] of own.entries()) {
        const step = await next(work.step, readers[i]!);
        results.push({ ...work, step, halted: step.attempts > work.step.attempts });
      }
      return results;
    }),
  );
  const left = works.filter((work) => !due.includes(work as Reached<Target>));
  return [...left, ...done.flat()].toSorted((a, b) => a.step.position - b.step.position);
}
