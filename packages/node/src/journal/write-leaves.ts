import { PrivacyError } from "@miniprivacy/core/errors";
import type { Unit } from "../database/database.ts";
import type { Journal } from "./journal.ts";

const LEAVES_AT_ONCE = 10_000;

/**
 * Copies the leaves that the journal lacks, up to a size of the log.
 *
 * @throws PrivacyError `ERR_DATABASE_BEHIND_JOURNAL` when the journal knows of more.
 */
export async function writeLeaves(unit: Unit, journal: Journal, size: number): Promise<void> {
  let { size: written } = await journal.position();
  if (written > size) throw new PrivacyError("ERR_DATABASE_BEHIND_JOURNAL");
  for (; written < size; written = Math.min(size, written + LEAVES_AT_ONCE)) {
    const rows = await unit
      .selectFrom("log_leaf")
      .select("leaf_hash")
      .where("leaf_index", ">=", written)
      .where("leaf_index", "<", Math.min(size, written + LEAVES_AT_ONCE))
      .orderBy("leaf_index")
      .execute();
    const hashes = rows.map(({ leaf_hash }) => leaf_hash);
    await journal.append([{ type: "leaves", from: written, hashes }]);
  }
}
