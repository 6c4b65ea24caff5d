import { appendLeaves } from "@miniprivacy/core/log";
import type { Database } from "../database/database.ts";
import { lockLogHead } from "../log/log-append.ts";
import { sha256 } from "../log/sha256.ts";
import type { Journal } from "./journal.ts";

/**
 * Appends the leaves that a database lacks, as hashes: their bodies were lost with the database. Whoever holds a receipt
 * or certificate of one can still prove that it is in the log; we can show of it neither body nor blinding.
 *
 * Every part is a transaction of its own, and the first notes how long the log was before.
 *
 * @param tell Told how many leaves the log has by now.
 */
export async function putLeavesBack(
  { tables }: Pick<Database, "tables">,
  journal: Journal,
  tell: (size: number) => void,
): Promise<void> {
  for await (const record of journal.read()) {
    if (record.type !== "leaves") continue;
    const { from, hashes } = record;
    const size = await tables.transaction().execute(async (unit) => {
      const head = await lockLogHead(unit);
      const missing = hashes.slice(Math.max(0, head.size - from));
      if (missing.length === 0) return head.size;
      await unit
        .insertInto("log_replay")
        .values({ id: 1, snapshot_size: head.size })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await unit
        .insertInto("log_leaf")
        .values(missing.map((leaf_hash, i) => ({ leaf_index: head.size + i, leaf_hash })))
        .execute();
      const next = appendLeaves(head, missing, sha256);
      await unit
        .updateTable("log_head")
        .set({ size: next.size, frontier: Buffer.concat(next.nodes) })
        .where("id", "=", 1)
        .execute();
      return next.size;
    });
    tell(size);
  }
}
