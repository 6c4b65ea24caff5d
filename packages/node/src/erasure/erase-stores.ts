import { PrivacyError } from "@miniprivacy/core/errors";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import {
  erase,
  type ErasureStep,
  failed,
  isErased,
  newStep,
  observe,
  readBack,
} from "./erasure-step.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { createStoreReader, type StoreReader } from "./store-reader.ts";
import { createStoreReaders } from "./store-readers.ts";

export interface StorePass {
  readonly subject: SubjectIdentity;
  readonly targets: readonly ErasureTarget[];
  readonly timeoutMs: number;
  readonly now: () => number;
  /** Whether this process still holds the claim. */
  readonly held: () => boolean;
  /** Writes down what was counted, under the claim. */
  readonly save: (steps: readonly ErasureStep[]) => Promise<void>;
}

interface Work {
  readonly step: ErasureStep;
  /** Undefined where no connector reaches the store any more. */
  readonly target: ErasureTarget | undefined;
  /** Whether this attempt has failed here. */
  readonly halted: boolean;
}

interface Reached extends Work {
  readonly target: ErasureTarget;
}

/**
 * One attempt at every store: what is not erased yet is counted and erased, then everything is read back, so that a row
 * written to one store while another was erased is seen. A store that fails stops no other; records of one store are
 * taken in their order, stores side by side. No transaction is open while a store is asked.
 *
 * @returns Every step as it stands now; that is not written down yet.
 */
export async function eraseStores(
  known: readonly ErasureStep[],
  pass: StorePass,
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
function plan(known: readonly ErasureStep[], targets: readonly ErasureTarget[]): readonly Work[] {
  const isOf = (step: ErasureStep, { store, record }: ErasureTarget): boolean =>
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
async function each(
  works: readonly Work[],
  pass: StorePass,
  isDue: (work: Work) => boolean,
  next: (step: ErasureStep, reader: StoreReader) => Promise<ErasureStep>,
): Promise<readonly Work[]> {
  const due = works.filter((work): work is Reached => work.target !== undefined && isDue(work));
  const stores = [...new Set(due.map(({ target }) => target.store))];
  const done = await Promise.all(
    stores.map(async (store) => {
      const own = due.filter(({ target }) => target.store === store);
      const readers = readersOf(own, pass);
      const results: Work[] = [];
      for (const [i, work] of own.entries()) {
        const step = await next(work.step, readers[i]!);
        results.push({ ...work, step, halted: step.attempts > work.step.attempts });
      }
      return results;
    }),
  );
  const left = works.filter((work) => !due.includes(work as Reached));
  return [...left, ...done.flat()].toSorted((a, b) => a.step.position - b.step.position);
}

/** Readers of targets of one store. */
function readersOf(
  works: readonly Reached[],
  { subject, timeoutMs }: StorePass,
): readonly StoreReader[] {
  const targets = works.map(({ target }) => target);
  const { atOnce } = targets[0]!.connector;
  if (atOnce === undefined || targets.some(({ fields }) => fields !== undefined))
    return targets.map((target) => createStoreReader(target, subject, timeoutMs));
  const counts = works.map(({ step }) => step.countBefore ?? 0);
  return createStoreReaders({ atOnce, targets, counts }, subject, timeoutMs);
}
