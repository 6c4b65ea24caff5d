import { longCommand, type LongCommand } from "../control/long-command.ts";
import { createBulkReader } from "../demand/bulk-reader.ts";
import { demandTargets } from "../demand/demand-targets.ts";
import { subjectDigest } from "../journal/erasure-ledger.ts";
import type { Journal } from "../journal/journal.ts";
import { type DemandEntry, datedEntry, isErasure } from "../journal/ledger-entry.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject } from "../subject/subject-store.ts";
import { erase, type ErasureStep, isErased, newStep, observe, readBack } from "./erasure-step.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { createStoreReader, type StoreReader } from "./store-reader.ts";

export interface StoreReplayInput {
  /** The host's store that was restored. */
  readonly store: string;
  /** When the backup was begun, RFC 3339. */
  readonly snapshotAt: string;
  /** Whether nobody has written to the store since it was restored: all that is there is of before. */
  readonly nobodyWrote: boolean;
  readonly actor: string;
}

/** What became of one record of the store. */
export interface ReplayedRecord {
  readonly record: string;
  /** People who were erased again, and how many rows of theirs. */
  readonly erased: number;
  readonly rows: number;
  /** People who came back after they were erased, and were left alone. */
  readonly returned: number;
  /** People of whom rows are left all the same. */
  readonly failed: number;
  /** Why not everybody was looked for. */
  readonly fault: "unavailable" | "cannot-name-people" | null;
}

export type StoreReplayRefusal =
  /** There is no such store. */
  | "no-store"
  /** Nothing was remembered. */
  | "no-journal"
  /** The backup is older than those that were declared: erasures since have been forgotten. */
  | "forgotten";

export type StoreReplayStatus =
  | { readonly state: "refused"; readonly reason: StoreReplayRefusal }
  | Progress
  | { readonly state: "done"; readonly records: readonly ReplayedRecord[] };

interface Progress {
  readonly state: "running";
  /** How many people were looked at, some of them more than once. */
  readonly people: number;
}

/** Erases again, in a store that was restored from a backup, whoever was erased since. It can be repeated. */
export type StoreReplay = LongCommand<StoreReplayInput, Progress, StoreReplayStatus>;

interface StoreReplayParts {
  readonly journal: Journal | undefined;
  readonly targets: readonly ErasureTarget[];
  readonly storeTimeoutMs: number;
}

export function createStoreReplay(
  runtime: Pick<Runtime, "database" | "keys" | "log" | "now">,
  { journal, targets, storeTimeoutMs }: StoreReplayParts,
): StoreReplay {
  return longCommand(replay, { state: "running", people: 0 });

  async function replay(
    { store, snapshotAt, nobodyWrote, actor }: StoreReplayInput,
    tell: (progress: Progress) => void,
  ): Promise<StoreReplayStatus> {
    const own = targets.filter((target) => target.store === store);
    if (own.length === 0) return { state: "refused", reason: "no-store" };
    if (journal === undefined) return { state: "refused", reason: "no-journal" };
    const since = await erasedSince(journal, Date.parse(snapshotAt));
    if (since === "forgotten") return { state: "refused", reason: "forgotten" };
    let people = 0;
    const look = (): void => tell({ state: "running", people: ++people });
    const records: ReplayedRecord[] = [];
    // In the connector's order: rows by way of which others are found go last.
    for (const target of own) records.push(await replayRecord(target, since, nobodyWrote, look));
    await record({ store, snapshotAt, nobodyWrote, records, actor });
    return { state: "done", records };
  }

  async function replayRecord(
    target: ErasureTarget,
    { epochs, demands }: ErasedSince,
    nobodyWrote: boolean,
    look: () => void,
  ): Promise<ReplayedRecord> {
    const { connector, record: of } = target;
    const seen = new Map<string, ErasureStep | "returned">();
    let fault: ReplayedRecord["fault"] = null;
    if (connector.subjects === undefined) fault = "cannot-name-people";
    try {
      for await (const subject of connector.subjects?.(of) ?? []) {
        look();
        const digest = subjectDigest(runtime.keys, subject);
        const epoch = epochs.get(digest);
        if (epoch === undefined || seen.has(digest)) continue;
        // Requirement PIPL-47: who was erased is erased again; what she gave since is hers to keep there.
        const keeps = !nobodyWrote && (await hasReturned(subject, epoch));
        seen.set(digest, keeps ? "returned" : await eraseAgain(target, subject));
      }
    } catch {
      fault = "unavailable";
    }
    const steps = [...seen.values()].filter((one) => one !== "returned");
    const erased = steps.filter(isErased);
    const rows = erased.reduce((sum, { countBefore }) => sum + (countBefore ?? 0), 0);
    const demanded = await repeatDemands(target, demands);
    return {
      record: of.name,
      erased: erased.length + demanded.erased,
      rows: rows + demanded.rows,
      returned: seen.size - steps.length,
      failed: steps.length - erased.length + demanded.failed,
      fault: fault ?? demanded.fault,
    };
  }

  async function hasReturned(subject: SubjectIdentity, epoch: number): Promise<boolean> {
    const link = await findSubject(runtime.database.tables, runtime.keys.index, subject);
    return link !== undefined && link.epoch > epoch;
  }

  async function eraseAgain(target: ErasureTarget, subject: SubjectIdentity): Promise<ErasureStep> {
    const reader = createStoreReader(target, subject, storeTimeoutMs);
    return passThrough(newStep(target.store, target.record.name, 0), reader);
  }

  /** Erases once more for everybody what was demanded. */
  async function repeatDemands(
    target: ErasureTarget,
    demands: readonly DemandEntry[],
  ): Promise<Pick<ReplayedRecord, "erased" | "rows" | "failed" | "fault">> {
    const counts = { erased: 0, rows: 0, failed: 0 };
    let fault: ReplayedRecord["fault"] = null;
    for (const { tenant, selector } of demands)
      for (const selected of demandTargets([target], tenant, selector)) {
        let persons = 0;
        const reader = createBulkReader(selected, storeTimeoutMs, {
          seen: async (seen) => void (persons = Math.max(persons, seen)),
          erased: async () => {},
        });
        if (reader.evidence !== "read-back") fault = "cannot-name-people";
        else {
          const step = await passThrough(newStep(target.store, target.record.name, 0), reader);
          if (isErased(step)) counts.erased += persons;
          else if (step.countBefore === null) fault = "unavailable";
          else counts.failed += persons;
          counts.rows += isErased(step) ? (step.countBefore ?? 0) : 0;
        }
      }
    return { ...counts, fault };
  }

  /** Counts, erases and reads back, as far as it comes. */
  async function passThrough(step: ErasureStep, reader: StoreReader): Promise<ErasureStep> {
    const observed = await observe(step, reader);
    if (observed.fault !== null) return observed;
    const erased = await erase(observed, reader, runtime.now());
    return erased.fault === null ? readBack(erased, reader, runtime.now()) : erased;
  }

  /** Counts and who did it; nobody else. */
  async function record(content: object): Promise<void> {
    const at = new Date(runtime.now());
    await runtime.log.transaction(({ append }) =>
      append(
        {
          tenant: "",
          kind: "store-replay",
          subjectRef: null,
          dedupeKey: null,
          content: { type: "store-replay", schemaVersion: "1", ...content, at: at.toISOString() },
        },
        at,
      ),
    );
  }
}

/** What was done since a moment. */
interface ErasedSince {
  /** The last epoch of everybody of whom an erasure had begun or was done, by digest. */
  readonly epochs: ReadonlyMap<string, number>;
  /** What was demanded of everybody. */
  readonly demands: readonly DemandEntry[];
}

async function erasedSince(journal: Journal, since: number): Promise<ErasedSince | "forgotten"> {
  const epochs = new Map<string, number>();
  const demands = new Map<string, DemandEntry>();
  for await (const record of journal.read()) {
    if (record.type === "forgotten" && Date.parse(record.at) >= since) return "forgotten";
    if (record.type !== "ledger" || Date.parse(record.at) < since) continue;
    const entry = datedEntry(record);
    if (entry.phase === "demanded") demands.set(entry.id, entry);
    if (!isErasure(entry)) continue;
    const { subject, epoch } = entry;
    epochs.set(subject, Math.max(epoch, epochs.get(subject) ?? 0));
  }
  return { epochs, demands: [...demands.values()] };
}
