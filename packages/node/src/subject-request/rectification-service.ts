import { PrivacyError } from "@miniprivacy/core/errors";
import type { RecordRow } from "../connector/connector.ts";
import { askStore } from "../erasure/ask-store.ts";
import type { ErasureTarget } from "../erasure/erasure-target.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { Logger } from "../logger.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { linkSubject } from "../subject/subject-store.ts";
import { checkPatch, invalidPatch } from "./checked-patch.ts";
import {
  findHolders,
  rectifyStores,
  type RectifyOutcome,
  type RowAddress,
  type RowHolder,
  type StoreCorrection,
} from "./rectify-stores.ts";
import { commitToValue, type ValueCommitment } from "./value-commitment.ts";

/** One field of a correction, as the host is asked to confirm it. */
export interface FieldCorrection {
  readonly tenant: string;
  readonly subjectId: string;
  readonly record: string;
  readonly field: string;
  /** The new value, as the field's schema gives it. */
  readonly value: unknown;
}

/** The host's word that a new value was verified, e.g. that a code sent to the new phone number came back. */
export type ConfirmRectification = (correction: FieldCorrection) => boolean | Promise<boolean>;

/** What became of a correction. */
export interface Correction {
  /** The fields that hold the new value in every store that holds the row; none while a store failed or refused. */
  readonly corrected: readonly string[];
  readonly stores: readonly StoreCorrection[];
  /** What the log commits to, with the salts, which are kept nowhere: whoever has them can show what was changed. */
  readonly digests: readonly FieldDigests[];
}

export interface FieldDigests {
  readonly field: string;
  /** Null where no store showed the value. */
  readonly before: ValueCommitment | null;
  readonly after: ValueCommitment | null;
}

export interface RectificationService {
  /**
   * Corrects fields of one row in every store that holds it. Repeating it does no harm.
   *
   * @returns Undefined when no store holds such a row of hers.
   * @throws PrivacyError `ERR_INPUT_INVALID` for a field that is unknown, of the wrong type, not confirmed
   *   (`verify-again`) or history (`from-now-on`), and for a value the first store refused; `ERR_STORE_UNAVAILABLE` when
   *   stores failed and none took it. Nothing holds the new value then, as far as can be read.
   */
  rectify(
    subject: SubjectIdentity,
    record: string,
    key: string,
    patch: unknown,
  ): Promise<Correction | undefined>;
}

export interface RectificationOptions {
  readonly targets: readonly ErasureTarget[];
  /** For one call of a store, and for the host's confirmation. */
  readonly storeTimeoutMs: number;
  readonly confirm: ConfirmRectification | undefined;
  readonly logger: Logger;
}

export function createRectificationService(
  runtime: Runtime,
  { targets, storeTimeoutMs, confirm = () => false, logger }: RectificationOptions,
): RectificationService {
  async function requireConfirmed(correction: FieldCorrection): Promise<void> {
    const answer = await askStore(
      storeTimeoutMs,
      async () => confirm(correction),
      (confirmed) => (typeof confirmed === "boolean" ? confirmed : undefined),
    );
    if (!answer.ok)
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "confirmRectification" });
    // Requirement PIPL-46: what is corrected is verified first, where the data map says so.
    if (!answer.value) throw invalidPatch("verify-again", correction.field);
  }

  function reportFailures(record: string, stores: readonly StoreCorrection[]): void {
    for (const { store, outcome } of stores)
      if (isOpen(outcome)) logger.error({ store, record, outcome }, "correction failed at a store");
  }

  async function keepEntry(
    subject: SubjectIdentity,
    record: string,
    { stores, digests }: Correction,
  ): Promise<void> {
    const at = new Date(runtime.now());
    const { tenant } = subject;
    const kind = "rectification";
    const content = {
      type: kind,
      schemaVersion: "2",
      record,
      // Without the salts, which would let whoever reads the log try values.
      fields: digests.map(({ field, before, after }) => ({
        field,
        before: before?.digest ?? null,
        after: after?.digest ?? null,
      })),
      stores,
      at: at.toISOString(),
    };
    await runtime.log.transaction(async ({ unit, append }) => {
      await lockLogHead(unit);
      const { ref } = await linkSubject(unit, runtime.keys.index, subject, at);
      await append({ tenant, kind, subjectRef: ref, dedupeKey: null, content }, at);
    });
  }

  return {
    async rectify(subject, name, key, input) {
      const holding = targets.filter((target) => target.record.name === name);
      if (holding[0] === undefined) return undefined;
      const { values, verifyAgain } = await checkPatch(holding[0].record, input);
      const row: RowAddress = { subject, key, timeoutMs: storeTimeoutMs };
      const holders = await findHolders(holding, row);
      if (holders.every(({ outcome }) => outcome === "not-found" || outcome === "not-asked"))
        return undefined;
      for (const field of verifyAgain)
        await requireConfirmed({ ...subject, record: name, field, value: values[field] });
      const stores = await rectifyStores(holders, values, row);
      reportFailures(name, stores);
      const isDone = !stores.some(({ outcome }) => isOpen(outcome));
      const corrected = isDone ? Object.keys(values) : [];
      const correction = { corrected, stores, digests: fieldDigests(values, holders) };
      if (!stores.some(({ outcome }) => isTaken(outcome))) return requireNone(stores);
      await keepEntry(subject, name, correction);
      return correction;
    },
  };
}

function isTaken(outcome: RectifyOutcome): boolean {
  return outcome === "corrected" || outcome === "accepted";
}

/** Whether a store that holds the row does not hold the new values, or may not. */
function isOpen(outcome: RectifyOutcome): boolean {
  return outcome === "failed" || outcome === "refused";
}

/** Of what no store took: there is no such row, unless one failed or refused. @throws PrivacyError */
function requireNone(stores: readonly StoreCorrection[]): undefined {
  const outcomes = stores.map(({ outcome }) => outcome);
  if (outcomes.includes("refused")) throw invalidPatch("refused", "*");
  if (outcomes.includes("failed"))
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "no store took the correction" });
  return undefined;
}

function fieldDigests(values: RecordRow, holders: readonly RowHolder[]): readonly FieldDigests[] {
  const before = holders.find((holder) => holder.before !== undefined)?.before;
  return Object.entries(values).map(([field, value]) => ({
    field,
    before: before === undefined ? null : commitToValue(before[field]),
    after: commitToValue(value),
  }));
}
