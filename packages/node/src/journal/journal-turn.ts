import { sql } from "kysely";
import type { Unit } from "../database/database.ts";

/** Key of the lock that lets one process at a time write the journal. */
export const JOURNAL_TURN = 0x6d70_6c67;

/** Takes the turn until the end of the transaction, or says that another process has it. */
export async function tryJournalTurn(unit: Unit): Promise<boolean> {
  const query = sql<{ turn: boolean }>`select pg_try_advisory_xact_lock(${JOURNAL_TURN}) as turn`;
  return (await query.execute(unit)).rows[0]!.turn;
}

/** Waits for the turn, and has it until the end of the transaction. */
export async function awaitJournalTurn(unit: Unit): Promise<void> {
  await sql`select pg_advisory_xact_lock(${JOURNAL_TURN})`.execute(unit);
}
