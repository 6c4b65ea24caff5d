import { PrivacyError } from "@miniprivacy/core/errors";
import type { Database } from "../database/database.ts";
import { loadLogHead } from "../log/log-append.ts";
import { awaitJournalTurn } from "./journal-turn.ts";
import type { Journal } from "./journal.ts";
import { isReplaying } from "./replay.ts";

/**
 * Whether a database was restored from a backup older than its journal. An empty or missing journal beside a filled
 * database counts as that: nothing tells what was erased since. Beside an empty log the journal is begun here, before
 * anything can be appended; from then on it may lag behind the log, whatever kills the process.
 */
export function isBehindJournal({ tables }: Database, journal: Journal): Promise<boolean> {
  return tables.transaction().execute(async (unit) => {
    await awaitJournalTurn(unit);
    if (await isReplaying(unit)) return true;
    const { begun, size, lastLeaf } = await journal.position();
    if (!begun) {
      if ((await loadLogHead(unit)).size > 0) return true;
      await journal.append([{ type: "start" }]);
    }
    if (lastLeaf === undefined) return false;
    const leaf = await unit
      .selectFrom("log_leaf")
      .select("leaf_hash")
      .where("leaf_index", "=", size - 1)
      .executeTakeFirst();
    return leaf === undefined || !leaf.leaf_hash.equals(lastLeaf);
  });
}

/**
 * Makes sure that a replay that was begun is not left half done by starting without the journal.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID`
 */
export async function requireNoReplay({ tables }: Database): Promise<void> {
  if (await isReplaying(tables))
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "the journal that is being replayed is missing",
    });
}

/**
 * Makes sure that the journal does not lie where a backup of the database would take it along.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID`
 */
export async function requireSeparateJournal(database: Database, journal: Journal): Promise<void> {
  if (await journal.liesIn?.(database))
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "a backup of the database would take the journal along",
    });
}
