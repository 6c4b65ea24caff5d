import { PrivacyError } from "@miniprivacy/core/errors";
import { appendLeaves, EMPTY_FRONTIER, frontierRoot } from "@miniprivacy/core/log";
import type { Unit } from "../database/database.ts";
import { loadLogHead } from "./log-append.ts";
import { sha256 } from "./sha256.ts";

const LEAVES_AT_ONCE = 10_000;

/**
 * The root of the log, hashed anew from every leaf.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when leaves are missing, or the head says another root.
 */
export async function recomputeLog(
  unit: Unit,
): Promise<{ readonly size: number; readonly root: Uint8Array }> {
  const head = await loadLogHead(unit);
  let tree = EMPTY_FRONTIER;
  while (tree.size < head.size) {
    const rows = await unit
      .selectFrom("log_leaf")
      .select("leaf_hash")
      .where("leaf_index", ">=", tree.size)
      .where("leaf_index", "<", Math.min(head.size, tree.size + LEAVES_AT_ONCE))
      .orderBy("leaf_index")
      .execute();
    if (rows.length === 0) throw damaged();
    const hashes = rows.map(({ leaf_hash }) => leaf_hash);
    tree = appendLeaves(tree, hashes, sha256);
  }
  const root = frontierRoot(tree);
  if (!Buffer.from(frontierRoot(head)).equals(root)) throw damaged();
  return { size: head.size, root };
}

function damaged(): PrivacyError {
  return new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the log is damaged" });
}
