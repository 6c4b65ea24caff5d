import type { Remnant } from "@miniprivacy/core";
import { sql } from "kysely";
import type { Database } from "./database.ts";

/** What is known of our own tables once erased rows were cleared out of them. */
export interface ClearedRemnants {
  /** Where erased rows may still lie, and until when. */
  readonly remnants: readonly Remnant[];
  /** Whether they may lie elsewhere, for nobody knows how long. */
  readonly unknown: boolean;
  /** How rows of ours are erased, as certificates tell it. */
  readonly technique: string;
  /** The server's version. */
  readonly version: string;
}

const DAY_MS = 86_400_000;

/** The tables an erasure takes rows from; an embedded one is written anew, as is on a server what is small there too. */
const ERASED_FROM = ["erasure_seal", "subject", "log_event"];
const SMALL_TABLES = ["erasure_seal"];

/**
 * Clears the dead rows out of our own tables: after a DELETE a row is still in its table's file and in the write-ahead
 * log. Callers that come while one clearing runs share the next.
 *
 * @returns A function that resolves once rows deleted before the call are cleared.
 */
export function createRemnantClearing(
  database: Database,
): (now: number) => Promise<ClearedRemnants> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;

  function cleared(): Promise<void> {
    next ??= running.then(() => {
      next = undefined;
      const work = clearTables(database, ERASED_FROM);
      running = work.catch(() => undefined);
      return work;
    });
    return next;
  }

  return async (now) => {
    await cleared();
    const { wal } = database;
    const { rows } = await sql<{ server_version: string }>`show server_version`.execute(
      database.tables,
    );
    const until = (days: number): string => new Date(now + days * DAY_MS).toISOString();
    return {
      remnants:
        typeof wal === "object" && wal.keptDays > 0
          ? [{ where: "write-ahead log", until: until(wal.keptDays) }]
          : [],
      unknown: wal === "undeclared",
      technique: database.kind === "embedded" ? "DELETE, VACUUM FULL" : "DELETE, VACUUM",
      version: rows[0]!.server_version,
    };
  };
}

/** Clears dead rows out of some of our tables, and out of the write-ahead log where that is ours to do. */
export async function clearTables(
  { kind, wal, tables }: Pick<Database, "kind" | "wal" | "tables">,
  names: readonly string[],
): Promise<void> {
  const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(tables);
  for (const name of names) {
    const anew = kind === "embedded" || SMALL_TABLES.includes(name);
    await run(`vacuum ${anew ? "full " : ""}${name}`);
  }
  if (wal !== "dropped") return;
  // What the log held before the first checkpoint is in ended segments after the switch, and the second drops them.
  await run("checkpoint");
  await run("select pg_switch_wal()");
  await run("checkpoint");
}
