import { longCommand, type LongCommand } from "../control/long-command.ts";
import type { Unit } from "../database/database.ts";
import { everyTenant } from "../database/tenant-guard.ts";
import { loadLogHead } from "../log/log-append.ts";
import { createLogWriter, type LogUnit, type LogWriter } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import { awaitJournalTurn } from "./journal-turn.ts";
import type { ErasureEntry } from "./erasure-ledger.ts";
import { type JournalSurvey, surveyJournal } from "./journal-survey.ts";
import type { Journal } from "./journal.ts";
import { type DatedEntry, type DemandEntry, type DenialEntry, isErasure } from "./ledger-entry.ts";
import { putLeavesBack } from "./put-leaves-back.ts";
import { repeatDemand } from "./repeat-demand.ts";
import { repeatDenial, withdrawAll } from "./repeat-denial.ts";
import { type DoneErasure, repeatErasure } from "./repeat-erasure.ts";
import { writeLeaves } from "./write-leaves.ts";

/** Why a journal is not replayed. */
export type ReplayRefusal =
  /** It holds nothing, so nothing tells what was erased. */
  | "journal-empty"
  /** It holds something already: it is not to be begun beside a database. */
  | "journal-begun"
  /** The database went another way than the journal. */
  | "forked"
  /** The backup is older than those that were declared: erasures it lacks have been forgotten. */
  | "forgotten";

/** Where a replay stands. */
export type ReplayStatus =
  | { readonly state: "refused"; readonly reason: ReplayRefusal }
  | {
      readonly state: "running";
      /** How many leaves the log has by now, and how many it is to have. */
      readonly leaves: number;
      readonly ofLeaves: number;
      readonly erasures: number;
      readonly ofErasures: number;
    }
  | {
      readonly state: "done";
      /** How many leaves were put back. */
      readonly leaves: number;
      /** How many erasures were repeated on our own records. */
      readonly erasures: number;
      /** How many refusals and withdrawals of consents were repeated. */
      readonly withdrawals: number;
      /** How many demands were put on file again; the deployment carries them out once it is open. */
      readonly demands: number;
      /** Erasures that had begun, whose requests came after the backup: they must be asked for again. */
      readonly unresolved: readonly { readonly tenant: string; readonly requestId: string }[];
    };

export interface ReplayInput {
  /** Who replays it. */
  readonly actor: string;
  /** Begins an empty journal instead, beside a database that is known to be current. */
  readonly beginJournal: boolean;
}

/** Brings a database that was restored from a backup up to its journal. It goes on where the last replay stopped. */
export type Replay = LongCommand<ReplayInput, Progress, ReplayStatus>;

type ReplayRuntime = Pick<Runtime, "database" | "keys" | "now" | "policy">;
type Progress = Extract<ReplayStatus, { readonly state: "running" }>;

const NOTHING: Progress = {
  state: "running",
  leaves: 0,
  ofLeaves: 0,
  erasures: 0,
  ofErasures: 0,
};

export function createReplay(runtime: ReplayRuntime, journal: Journal): Replay {
  const log = createLogWriter(runtime.database, { announce: () => {} });
  return longCommand(
    ({ actor, beginJournal }, tell) =>
      beginJournal ? startJournal(runtime, journal) : replay(runtime, log, journal, actor, tell),
    NOTHING,
  );
}

/** Whether a replay has begun and is not over. */
export async function isReplaying(unit: Unit): Promise<boolean> {
  return (await loadSnapshotSize(unit)) !== undefined;
}

async function replay(
  runtime: ReplayRuntime,
  log: LogWriter,
  journal: Journal,
  actor: string,
  tell: (progress: Progress) => void,
): Promise<ReplayStatus> {
  const { tables } = runtime.database;
  const survey = await surveyJournal(tables, journal, runtime.keys.log);
  const begunAt = (await loadSnapshotSize(tables)) ?? (await loadLogHead(tables)).size;
  const reason = refusal(survey, begunAt);
  if (reason !== undefined) return { state: "refused", reason };
  const missed = survey.ledger.filter(({ size }) => size > begunAt);
  const done = missed.filter((one): one is DoneErasure => one.phase === "done");
  const denied = missed.filter((one): one is DatedEntry<DenialEntry> => one.phase === "denied");
  const demanded = missed.filter((one): one is DatedEntry<DemandEntry> => one.phase === "demanded");
  const of = { state: "running", ofLeaves: survey.size, ofErasures: done.length } as const;
  await putLeavesBack(runtime.database, journal, (leaves) => tell({ ...of, leaves, erasures: 0 }));
  for (const [erasures, erasure] of done.entries()) {
    await log.transaction((unit) => repeatErasure(runtime, unit, erasure));
    tell({ ...of, leaves: survey.size, erasures: erasures + 1 });
  }
  let withdrawals = 0;
  for (const denial of denied)
    if (await log.transaction((unit) => repeatDenial(runtime, unit, denial))) withdrawals++;
  for (const demand of demanded)
    await log.transaction((unit) => repeatDemand(runtime, unit, demand, actor));
  const lost = await lostErasures(tables, missed.filter(isErasure));
  for (const erasure of lost) await log.transaction((unit) => withdrawAll(runtime, unit, erasure));
  const unresolved = lost.map(({ tenant, requestId }) => ({ tenant, requestId }));
  const leaves = Math.max(0, survey.size - begunAt);
  const counts = { erasures: done.length, withdrawals, demands: demanded.length };
  const content = { leaves: { from: begunAt, to: survey.size }, ...counts, actor };
  await log.transaction((unit) => end(unit, survey, leaves, content, new Date(runtime.now())));
  return { state: "done", leaves, ...counts, unresolved };
}

function refusal(
  { begun, forked, forgotten }: JournalSurvey,
  begunAt: number,
): ReplayRefusal | undefined {
  if (!begun) return "journal-empty";
  if (forked) return "forked";
  return begunAt < forgotten ? "forgotten" : undefined;
}

/** Erasures whose requests the database does not have: only their person's digest is known. */
async function lostErasures(
  unit: Unit,
  missed: readonly DatedEntry<ErasureEntry>[],
): Promise<readonly DatedEntry<ErasureEntry>[]> {
  const lost = new Map<string, DatedEntry<ErasureEntry>>();
  for (const erasure of missed) {
    const { tenant, requestId } = erasure;
    const row = await unit
      .selectFrom("subject_request")
      .select("id")
      .where("tenant", "=", tenant)
      .where("id", "=", requestId)
      .executeTakeFirst();
    if (row === undefined) lost.set(JSON.stringify([tenant, requestId]), erasure);
  }
  return [...lost.values()];
}

/** The log says why leaves have no bodies; epochs that were given since the backup are not given again. */
async function end(
  { unit, append }: LogUnit,
  { ledger }: JournalSurvey,
  lost: number,
  content: object,
  at: Date,
): Promise<void> {
  const everyone = everyTenant(unit);
  // A link comes with a leaf at least.
  await everyone
    .updateTable("subject_epoch")
    .set((epoch) => ({ next_epoch: epoch("next_epoch", "+", lost) }))
    .execute();
  for (const { tenant, epoch } of ledger.filter(isErasure))
    await unit
      .insertInto("subject_epoch")
      .values({ tenant, next_epoch: epoch })
      .onConflict((conflict) =>
        conflict.column("tenant").doUpdateSet((of) => ({
          next_epoch: of.fn("greatest", [of.ref("subject_epoch.next_epoch"), of.val(epoch)]),
        })),
      )
      .execute();
  await append(
    {
      tenant: "",
      kind: "replay",
      subjectRef: null,
      dedupeKey: null,
      content: { type: "replay", schemaVersion: "1", ...content, at: at.toISOString() },
    },
    at,
  );
  await unit.deleteFrom("log_replay").execute();
}

/** @returns Undefined while none is under way. */
async function loadSnapshotSize(unit: Unit): Promise<number | undefined> {
  const row = await unit.selectFrom("log_replay").select("snapshot_size").executeTakeFirst();
  return row && Number(row.snapshot_size);
}

async function startJournal({ database }: ReplayRuntime, journal: Journal): Promise<ReplayStatus> {
  return database.tables.transaction().execute(async (unit): Promise<ReplayStatus> => {
    await awaitJournalTurn(unit);
    if ((await journal.position()).begun) return { state: "refused", reason: "journal-begun" };
    await journal.append([{ type: "start" }]);
    await writeLeaves(unit, journal, (await loadLogHead(unit)).size);
    return { state: "done", leaves: 0, erasures: 0, withdrawals: 0, demands: 0, unresolved: [] };
  });
}
