import type { ConnectorAtOnce } from "../connector/connector.ts";
import { once } from "../once.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { askStore, LONGEST_TIMER_MS, type StoreAnswer } from "./ask-store.ts";
import type { ReadersOf } from "./erase-stores.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { createStoreReader, readCount, readDescription, type StoreReader } from "./store-reader.ts";

/** Targets of one store that are taken together. */
export interface JoinedTargets {
  readonly atOnce: ConnectorAtOnce;
  readonly targets: readonly ErasureTarget[];
  /** How many rows each is known to have. */
  readonly counts: readonly number[];
}

/**
 * Readers that ask together: what the first is asked, the store is asked about all of them, once. Should that fail they
 * ask one by one, in their order, so that each record's fault is its own.
 */
export function createStoreReaders(
  { atOnce, targets, counts }: JoinedTargets,
  subject: SubjectIdentity,
  timeoutMs: number,
): readonly StoreReader[] {
  const records = targets.map(({ record }) => record);
  const togetherMs = Math.min(timeoutMs * targets.length, LONGEST_TIMER_MS);
  const singly = targets.map((target) => createStoreReader(target, subject, timeoutMs));

  async function ask<Value>(
    together: () => Promise<readonly unknown[]>,
    alone: (reader: StoreReader) => Promise<StoreAnswer<Value>>,
    read: (answer: unknown, target: ErasureTarget) => Value | undefined,
  ): Promise<readonly StoreAnswer<Value>[]> {
    const all = await askStore(togetherMs, together, (answers) => readEach(answers, targets, read));
    if (all.ok) return all.value.map((value) => ({ ok: true, value }));
    // It may still be at it.
    if (all.fault === "timeout") return targets.map(() => all);
    const answers: StoreAnswer<Value>[] = [];
    for (const reader of singly) answers.push(await alone(reader));
    return answers;
  }

  const count = once(() =>
    ask(
      () => atOnce.count(records, subject),
      (reader) => reader.count(),
      readCount,
    ),
  );
  const find = once(() =>
    ask(
      () => atOnce.countFound(records, subject),
      (reader) => reader.find(),
      readCount,
    ),
  );
  const erase = once(() =>
    ask(
      async () => {
        await atOnce.erase(records, subject, counts);
        return records;
      },
      (reader) => reader.erase(),
      () => true as const,
    ),
  );
  const describe = once(() =>
    ask(
      () => atOnce.describe(records.map(({ name }) => name)),
      (reader) => reader.describe(),
      (answer, target) => readDescription(target, answer),
    ),
  );
  return singly.map((reader, position) => ({
    ...reader,
    count: async () => (await count())[position]!,
    find: async () => (await find())[position]!,
    erase: async () => (await erase())[position]!,
    describe: async () => (await describe())[position]!,
  }));
}

/** An answer for each target; undefined where one is missing or is none. */
function readEach<Value>(
  answers: unknown,
  targets: readonly ErasureTarget[],
  read: (answer: unknown, target: ErasureTarget) => Value | undefined,
): readonly Value[] | undefined {
  if (!Array.isArray(answers) || answers.length !== targets.length) return undefined;
  const values = targets.map((target, i) => read(answers[i], target));
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** How targets are asked about a person: those of a store that takes several at once together. */
export function personReaders(
  subject: SubjectIdentity,
  timeoutMs: number,
): ReadersOf<ErasureTarget> {
  return (targets, counts) => {
    const atOnce = targets[0]?.connector.atOnce;
    if (atOnce === undefined || targets.some(({ fields }) => fields !== undefined))
      return targets.map((target) => createStoreReader(target, subject, timeoutMs));
    return createStoreReaders({ atOnce, targets, counts }, subject, timeoutMs);
  };
}
