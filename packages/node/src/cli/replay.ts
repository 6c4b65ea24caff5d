import { setTimeout as sleep } from "node:timers/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Command } from "commander";
import type { ControlResult } from "../control/control-command.ts";
import type { StoreReplayRefusal } from "../erasure/store-replay.ts";
import type { ReplayRefusal } from "../journal/replay.ts";
import { addActorOption } from "./actor.ts";
import { addConfigOptions, type ConfiguredPlace } from "./config-option.ts";
import { addExitCodes } from "./exit-codes.ts";
import { type OutputOptions, print } from "./print.ts";

interface ReplayOptions extends OutputOptions, ConfiguredPlace {
  readonly beginJournal?: boolean;
  readonly store?: string;
  readonly snapshotAt?: string;
  readonly nobodyWroteSince?: boolean;
}

type ReplayResult = Exclude<ControlResult<"replay">, { readonly state: "running" }>;
type StoreResult = Exclude<ControlResult<"replay-store">, { readonly state: "running" }>;

const POLL_MS = 200;
const REFUSED_FORGOTTEN =
  "the backup is older than backups are declared to be kept: erasures it lacks are forgotten. Restore a newer one";

/** Adds `miniprivacy replay`. */
export function addReplayCommand(program: Command): void {
  const command = program
    .command("replay")
    .description(
      "Brings a database that was restored from a backup up to its journal: puts the log's leaves back and repeats erasures.",
    )
    .option(
      "--begin-journal",
      "begin an empty journal beside a database that is known to be current",
    )
    .option("--store <name>", "erase again in a store of yours that was restored instead")
    .option("--snapshot-at <moment>", "when its backup was begun, RFC 3339")
    .option(
      "--nobody-wrote-since",
      "nobody has written to the store since it was restored: erase those too who came back after they were erased",
    )
    .action(async (options: ReplayOptions) => {
      if (options.store !== undefined) return replayStore(options, options.store);
      const result = await replayDatabase(options);
      print(options, result, describe(result));
      if (result.state === "refused" || (result.state === "done" && result.unresolved.length > 0))
        process.exitCode = 1;
    });
  addActorOption(addConfigOptions(command)).option(
    "--json",
    "print { state, leaves, erasures, withdrawals, demands, unresolved }, with --store { state, records: [{ record, erased, rows, returned, failed, fault }] }, or { state: refused, reason }",
  );
  addExitCodes(command, {
    0: "the database is up to its journal; or the store has been gone through",
    1: "refused; some erasures must be asked for again; or some people could not be looked for or erased in the store",
    2: "no deployment or config, out of reach, or wrong usage",
  });
}

async function replayDatabase(options: ReplayOptions): Promise<ReplayResult> {
  const { onConfiguredDeployment } = await import("./configured-deployment.ts");
  const input = { beginJournal: options.beginJournal ?? false };
  return onConfiguredDeployment(options, async (ask) => {
    for (;;) {
      const status = await ask("replay", input);
      if (status.state !== "running") return status;
      const { leaves, ofLeaves, erasures, ofErasures } = status;
      process.stderr.write(
        `${leaves} of ${ofLeaves} leaves, ${erasures} of ${ofErasures} erasures\n`,
      );
      await sleep(POLL_MS);
    }
  });
}

async function replayStore(options: ReplayOptions, store: string): Promise<void> {
  const { snapshotAt, nobodyWroteSince = false } = options;
  if (snapshotAt === undefined)
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "--store needs --snapshot-at" });
  const { onConfiguredDeployment } = await import("./configured-deployment.ts");
  const input = { store, snapshotAt, nobodyWrote: nobodyWroteSince };
  const result = await onConfiguredDeployment(options, async (ask): Promise<StoreResult> => {
    for (;;) {
      const status = await ask("replay-store", input);
      if (status.state !== "running") return status;
      process.stderr.write(`${status.people} people looked at\n`);
      await sleep(POLL_MS);
    }
  });
  print(options, result, describeStore(result));
  const isWhole =
    result.state === "done" &&
    result.records.every(({ failed, fault }) => failed === 0 && fault === null);
  if (!isWhole) process.exitCode = 1;
}

function describeStore(result: StoreResult): readonly string[] {
  if (result.state === "refused") return [`refused: ${STORE_REFUSALS[result.reason]}`];
  return result.records.map(({ record, erased, rows, returned, failed, fault }) =>
    [
      record,
      `${erased} people erased again, ${rows} rows`,
      `${returned} came back since and were left alone`,
      `${failed} failed`,
      ...(fault === null ? [] : [FAULTS[fault]]),
    ].join("  "),
  );
}

const STORE_REFUSALS: { readonly [Reason in StoreReplayRefusal]: string } = {
  "no-store": "there is no store of that name",
  "no-journal": "there is no journal: nothing tells who was erased since",
  forgotten: REFUSED_FORGOTTEN,
};

const FAULTS = {
  unavailable: "the store did not name everybody: run it again",
  "cannot-name-people": "its connector cannot name the people in it: nobody was looked for",
} as const;

const REFUSALS: { readonly [Reason in ReplayRefusal]: string } = {
  "journal-empty":
    "the journal is empty: nothing tells what was erased since the backup. Bring the journal back, or, if the database is known to be current, begin one with --begin-journal",
  "journal-begun": "the journal has begun already: replay it without --begin-journal",
  forked:
    "the database went another way than its journal: it was written to since it was restored, or the journal is another's",
  forgotten: REFUSED_FORGOTTEN,
};

function describe(result: ReplayResult): readonly string[] {
  switch (result.state) {
    case "current":
      return ["the database is up to its journal: nothing to replay"];
    case "refused":
      return [`refused: ${REFUSALS[result.reason]}`];
    case "done":
      return [
        `${result.leaves} leaves put back, ${result.erasures} erasures, ${result.withdrawals} withdrawals and ${result.demands} demands repeated`,
        ...result.unresolved.map(
          ({ requestId }) => `${requestId} had begun and is lost: it must be asked for again`,
        ),
        "done; a deployment that answered 503 serves in a moment",
      ];
    default:
      throw result satisfies never;
  }
}
