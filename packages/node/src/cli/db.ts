import type { Command } from "commander";
import { actorOf, addActorOption } from "./actor.ts";
import { addExitCodes } from "./exit-codes.ts";
import { type OutputOptions, print } from "./print.ts";

interface MoveOptions extends OutputOptions {
  readonly from: string;
  readonly to: string;
  readonly keys: string;
  readonly actor?: string;
}

/** How many rows of a table are between two words about it. */
const ROWS_BETWEEN = 50_000;

/** Adds `miniprivacy db move`. */
export function addDbCommand(program: Command): void {
  const db = program.command("db").description("The database of a deployment.");
  const move = db
    .command("move")
    .description("Moves an embedded database to PostgreSQL, whole, and closes its folder.")
    .requiredOption("--from <folder>", "the embedded database; no process may hold it")
    .requiredOption("--to <url>", "postgres://user@host/database, empty")
    .requiredOption("--keys <folder>", "where the keys are to be; a folder without keys gets them")
    .option("--json", "print { actor, tables, log: { size, root } }")
    .action(async (options: MoveOptions) => {
      const { moveDatabase } = await import("../database/move-database.ts");
      const actor = actorOf(options);
      const { tables, log } = await moveDatabase({ ...options, actor, onRows: tellProgress });
      const root = Buffer.from(log.root).toString("base64");
      print(options, { actor, tables, log: { size: log.size, root } }, [
        ...Object.entries(tables).map(([name, rows]) => `${name}: ${rows}`),
        `log: ${log.size} leaves, root ${root}, the same on both sides`,
        `moved; next: start with DATABASE_URL and MINIPRIVACY_KEYS=${options.keys}`,
        `${options.from} still holds what was there, and what will be erased: delete it once the new place runs`,
      ]);
    });
  addActorOption(move);
  addExitCodes(move, { 0: "moved", 2: "refused, out of reach, or wrong usage; nothing was moved" });
}

function tellProgress(table: string, rows: number): void {
  if (rows % ROWS_BETWEEN === 0) process.stderr.write(`${table}: ${rows} rows so far\n`);
}
