import { isPrivacyError } from "@miniprivacy/core/errors";
import type { RecordRow } from "../connector/connector.ts";
import { askStore, type StoreAnswer } from "../erasure/ask-store.ts";
import type { ErasureTarget } from "../erasure/erasure-target.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { isSameValue } from "./value-form.ts";

/** What became of a correction in one store. */
export const RECTIFY_OUTCOMES = [
  /** Read back: the row holds the new values. */
  "corrected",
  /** It says that it has changed the row, and cannot be read. */
  "accepted",
  /** It holds no such row. */
  "not-found",
  /** It cannot hold the new values, and holds the old ones. */
  "refused",
  /** The old values were read back, or nothing could be read. */
  "failed",
  /** Left as it was: a store before it refused, or nothing in it can be changed. */
  "not-asked",
] as const;
export type RectifyOutcome = (typeof RECTIFY_OUTCOMES)[number];

export interface StoreCorrection {
  readonly store: string;
  readonly outcome: RectifyOutcome;
}

/** The row that is corrected, and how long a store may take for one call about it, milliseconds. */
export interface RowAddress {
  readonly subject: SubjectIdentity;
  readonly key: string;
  readonly timeoutMs: number;
}

/** A store as far as a correction has come there. */
export interface RowHolder {
  readonly target: ErasureTarget;
  /** The row as it was; undefined where there is none, or none could be read. */
  readonly before: RecordRow | undefined;
  /** Undefined until it is known. */
  readonly outcome: RectifyOutcome | undefined;
}

/**
 * Looks for the row in every store of its record, all at once; nothing is changed.
 *
 * @returns The stores in the order in which they are to be changed: the controller's own that can be read, then the others.
 */
export async function findHolders(
  targets: readonly ErasureTarget[],
  row: RowAddress,
): Promise<readonly RowHolder[]> {
  const isLast = (target: ErasureTarget): number =>
    Number(target.connector.kind === "processor" || !isReadBack(target));
  const inOrder = targets.toSorted((a, b) => isLast(a) - isLast(b));
  return Promise.all(inOrder.map((target) => findHolder(target, row)));
}

async function findHolder(target: ErasureTarget, row: RowAddress): Promise<RowHolder> {
  if (target.connector.evidence === "declaration")
    return { target, before: undefined, outcome: "not-asked" };
  if (!isReadBack(target)) return { target, before: undefined, outcome: undefined };
  const found = await readRow(target, row);
  if (!found.ok) return { target, before: undefined, outcome: "failed" };
  const before = found.value ?? undefined;
  return { target, before, outcome: before === undefined ? "not-found" : undefined };
}

/**
 * Changes the row in one store after the other, then reads it back in all of them at once. A store that fails stops no
 * other; one that refuses the values leaves those behind it as they are. Repeating it does no harm.
 *
 * @returns An outcome for every store.
 */
export async function rectifyStores(
  holders: readonly RowHolder[],
  patch: RecordRow,
  row: RowAddress,
): Promise<readonly StoreCorrection[]> {
  const changed: RowHolder[] = [];
  for (const holder of holders) {
    const isRefused = changed.some(({ outcome }) => outcome === "refused");
    changed.push(await changeRow(holder, patch, row, isRefused));
  }
  return Promise.all(
    changed.map(async ({ target, outcome }) => ({
      store: target.store,
      outcome: outcome ?? ((await holds(target, patch, row)) ? "corrected" : "failed"),
    })),
  );
}

/** @returns Without an outcome where reading back will tell, whatever was answered. */
async function changeRow(
  holder: RowHolder,
  patch: RecordRow,
  row: RowAddress,
  isRefused: boolean,
): Promise<RowHolder> {
  if (holder.outcome !== undefined) return holder;
  if (isRefused) return { ...holder, outcome: "not-asked" };
  const answer = await askStore(
    row.timeoutMs,
    () => rectifyOrRefuse(holder.target, patch, row),
    readAnswer,
  );
  if (answer.ok && answer.value === "refused") return { ...holder, outcome: "refused" };
  if (isReadBack(holder.target)) return holder;
  return { ...holder, outcome: answer.ok ? answer.value : "failed" };
}

async function rectifyOrRefuse(
  { connector, record }: ErasureTarget,
  patch: RecordRow,
  { subject, key }: RowAddress,
): Promise<unknown> {
  try {
    return await connector.rectify(record, subject, key, patch);
  } catch (cause) {
    if (isPrivacyError(cause) && cause.code === "ERR_INPUT_INVALID") return "refused";
    throw cause;
  }
}

function readAnswer(answer: unknown): "accepted" | "not-found" | "refused" | undefined {
  if (answer === "refused") return answer;
  return typeof answer === "boolean" ? (answer ? "accepted" : "not-found") : undefined;
}

async function holds(target: ErasureTarget, patch: RecordRow, row: RowAddress): Promise<boolean> {
  const found = await readRow(target, row);
  if (!found.ok || found.value === null) return false;
  const { value } = found;
  return Object.entries(patch).every(([field, given]) => isSameValue(value[field], given));
}

/** The subject's row with this key, as the store shows it; null where there is none. */
async function readRow(
  { connector, record }: ErasureTarget,
  { subject, key, timeoutMs }: RowAddress,
): Promise<StoreAnswer<RecordRow | null>> {
  return askStore(
    timeoutMs,
    () => connector.find(record, subject),
    (rows) => {
      if (!Array.isArray(rows)) return undefined;
      const field = connector.keyField(record);
      return (rows as readonly RecordRow[]).find((one) => String(one[field]) === key) ?? null;
    },
  );
}

function isReadBack({ connector: { evidence = "read-back" } }: ErasureTarget): boolean {
  return evidence === "read-back";
}
