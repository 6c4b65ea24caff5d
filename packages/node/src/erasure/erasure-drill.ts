import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PersonalRecord, Policy } from "@miniprivacy/core/policy";
import type { ControlledDeployment } from "../control/control-command.ts";
import { longCommand, type LongCommand } from "../control/long-command.ts";
import { copyDatabase } from "../database/copy-database.ts";
import type { Database } from "../database/database.ts";
import { openEmbedded } from "../database/embedded-database.ts";
import { tablesWithText } from "../database/tables-with-text.ts";
import { everyTenant } from "../database/tenant-guard.ts";
import { fileJournal } from "../journal/file-journal.ts";
import type { Journal } from "../journal/journal.ts";
import { createReplay } from "../journal/replay.ts";
import { recomputeLog } from "../log/recompute-log.ts";
import type { Logger } from "../logger.ts";
import type { OpenDeployment, PrivacyOptions } from "../privacy.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { subjectLookup } from "../subject/subject-store.ts";
import { createDrillStore, type DrillStore } from "./drill-store.ts";
import { isUnfinished } from "./erasure-claim.ts";

/** The checks of a drill, in their order. */
export type DrillCheck =
  /** The canary is found while she is there: looking works. */
  | "canary-found-before"
  | "canary-erased"
  /** The restored backup answers 503. */
  | "restored-database-refused"
  /** The backup does hold her. */
  | "canary-in-backup"
  | "replayed"
  /** The log is whole, and no shorter than the journal. */
  | "log-restored"
  | "replayed-database-serves"
  | "canary-gone-from-database"
  | "canary-gone-from-store"
  | "canary-not-named-in-journal";

export interface CheckedInDrill {
  readonly name: DrillCheck;
  readonly ok: boolean;
}

export type DrillStatus =
  | { readonly state: "running"; readonly done: readonly CheckedInDrill[] }
  | {
      readonly state: "done";
      readonly passed: boolean;
      readonly checks: readonly CheckedInDrill[];
    };

type Running = Extract<DrillStatus, { readonly state: "running" }>;

/** Shows on a copy that a restored backup does not bring an erased person back. */
export type ErasureDrill = LongCommand<{ readonly actor: string }, Running, DrillStatus>;

type DrillRuntime = Pick<Runtime, "database" | "keys" | "now" | "policy">;
type Options = PrivacyOptions<Policy, readonly PersonalRecord[]>;
type Open = (options: Options) => Promise<OpenDeployment<Policy, readonly PersonalRecord[]>>;

interface Stage {
  readonly runtime: DrillRuntime;
  readonly records: readonly PersonalRecord[];
  readonly journal: Journal;
  readonly open: Open;
}

const DAY_MS = 86_400_000;
const SILENT: Logger = { info: () => {}, error: () => {} };

/**
 * Plants a made-up person in a copy of our own database and in a store in memory, backs both up, erases her, restores the
 * backup beside the journal, replays it, and looks for her everywhere. The deployment's database is only read, once, in
 * one transaction; the copies are in memory, the journal of the drill is a folder that goes with it; the host's stores are
 * not reached.
 */
export function createErasureDrill(
  runtime: DrillRuntime,
  records: readonly PersonalRecord[],
  open: Open,
): ErasureDrill {
  return longCommand<{ readonly actor: string }, Running, DrillStatus>(
    async (_input, tell) => {
      const folder = await mkdtemp(join(tmpdir(), "miniprivacy-drill-"));
      try {
        const stage = { runtime, records, open, journal: fileJournal(folder) };
        const checks: CheckedInDrill[] = [];
        const check = (name: DrillCheck, ok: boolean): void => {
          checks.push({ name, ok });
          tell({ state: "running", done: [...checks] });
        };
        await drill(stage, check, () => readFile(join(folder, "journal.log"), "utf8"));
        return { state: "done", passed: checks.every(({ ok }) => ok), checks };
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    { state: "running", done: [] },
  );
}

async function drill(
  stage: Stage,
  check: (name: DrillCheck, ok: boolean) => void,
  journalText: () => Promise<string>,
): Promise<void> {
  const { runtime, records, journal } = stage;
  const canary = { tenant: "", subjectId: `canary-${randomUUID()}` };
  const store = createDrillStore(records);
  const restored = createDrillStore(records);
  await inMemory(async (backup) => {
    const erasedAt = runtime.now();
    await inMemory(async (database) => {
      await copyDatabase(runtime.database, database);
      await closeOpen(database);
      await replay(stage, database, true);
      const { privacy, controlled } = await deploy(stage, database, store);
      try {
        await plant(stage, privacy, canary);
        for (const one of [store, restored]) one.plant(canary);
        check("canary-found-before", await isKnown(stage, database, canary));
        await copyDatabase(database, backup);
        await controlled.hand!.openErasure(canary, { role: "command-line", name: "drill" });
        await privacy.idle();
      } finally {
        await privacy.close();
      }
      const isLeft = await isKnown(stage, database, canary);
      check("canary-erased", !isLeft && store.rowsOf(canary) === 0);
    });
    check("canary-in-backup", await isKnown(stage, backup, canary));
    check("restored-database-refused", (await statusOf(stage, backup, restored)) === 503);
    check("replayed", (await replay(stage, backup, false)) === "done");
    const { size } = await recomputeLog(backup.tables);
    check("log-restored", size >= (await journal.position()).size);
    check("replayed-database-serves", (await statusOf(stage, backup, restored)) === 200);
    check("canary-gone-from-database", !(await isKnown(stage, backup, canary)));
    await replayStore(stage, backup, restored, new Date(erasedAt));
    check("canary-gone-from-store", restored.rowsOf(canary) === 0);
    check("canary-not-named-in-journal", !(await journalText()).includes(canary.subjectId));
  });
}

/** What is open in the real database is carried out there. */
async function closeOpen({ tables }: Database): Promise<void> {
  const everyone = everyTenant(tables);
  await everyone
    .updateTable("subject_request")
    .set({ state: "withdrawn-by-user" })
    .where(isUnfinished)
    .execute();
  await everyone.deleteFrom("erasure_seal").execute();
  await everyone.deleteFrom("erasure_note").execute();
}

async function plant(
  { runtime: { policy, now } }: Stage,
  privacy: Deployed["privacy"],
  { subjectId }: SubjectIdentity,
): Promise<void> {
  const consented = Object.entries(policy.purposes).filter(([, { basis }]) => basis === "consent");
  const rows = consented.map(([purpose]) => ({ subject: subjectId, purpose }));
  const until = new Date(now() + DAY_MS).toISOString();
  await privacy.importConsents(rows, { evidence: "erasure drill", until });
}

/** By her name, or by what a database finds her by. */
async function isKnown(
  { runtime: { keys } }: Stage,
  database: Database,
  canary: SubjectIdentity,
): Promise<boolean> {
  const lookup = subjectLookup(keys.index, canary).toString("hex");
  return (await tablesWithText(database, [canary.subjectId, lookup])).length > 0;
}

async function statusOf(stage: Stage, database: Database, store: DrillStore): Promise<number> {
  const { privacy } = await deploy(stage, database, store);
  try {
    await privacy.idle();
    const url = `http://localhost${privacy.basePath}/policy`;
    return (await privacy.fetch(new Request(url))).status;
  } finally {
    await privacy.close();
  }
}

async function replay(
  { runtime, journal }: Stage,
  database: Database,
  beginJournal: boolean,
): Promise<string> {
  const { advance } = createReplay({ ...runtime, database }, journal);
  for (;;) {
    const { state } = await advance({ actor: "drill", beginJournal });
    if (state !== "running") return state;
  }
}

async function replayStore(
  stage: Stage,
  database: Database,
  store: DrillStore,
  snapshotAt: Date,
): Promise<void> {
  const { privacy, controlled } = await deploy(stage, database, store);
  const input = { store: "drill", snapshotAt: snapshotAt.toISOString(), nobodyWrote: false };
  try {
    for (;;) {
      const { state } = await controlled.hand!.replayStore({ ...input, actor: "drill" });
      if (state !== "running") return;
    }
  } finally {
    await privacy.close();
  }
}

interface Deployed extends OpenDeployment<Policy, readonly PersonalRecord[]> {
  readonly controlled: ControlledDeployment;
}

function deploy(
  { runtime, records, journal, open }: Stage,
  database: Database,
  { connector }: DrillStore,
): Promise<Deployed> {
  const { policy, keys, now } = runtime;
  return open({
    policy,
    records,
    keys,
    journal,
    database: { ...database, close: async () => {} },
    connectors: { drill: connector },
    authenticate: () => null,
    backups: { keepDays: 1 },
    clock: now,
    logger: SILENT,
  });
}

async function inMemory<Result>(use: (database: Database) => Promise<Result>): Promise<Result> {
  const database = await openEmbedded({});
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}
