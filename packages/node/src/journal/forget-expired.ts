import type { Database } from "../database/database.ts";
import type { BackupDeclaration } from "../runtime.ts";
import { awaitJournalTurn } from "./journal-turn.ts";
import type { Journal } from "./journal.ts";

const DAY_MS = 86_400_000;

/**
 * Has the journal forget erasures that no backup lacks any more. Where backups are undeclared there is no end to them, and
 * nothing is forgotten.
 */
export async function forgetExpired(
  { tables }: Pick<Database, "tables">,
  journal: Journal,
  backups: BackupDeclaration,
  now: number,
): Promise<void> {
  // Requirement WX-4.10a: what names a person goes with the last backup, the journal's entries too.
  if (backups === "undeclared") return;
  const keepDays = backups === "none" ? 0 : backups.keepDays;
  await tables.transaction().execute(async (unit) => {
    await awaitJournalTurn(unit);
    await journal.forget(new Date(now - keepDays * DAY_MS));
  });
}
