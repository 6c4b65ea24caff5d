import {
  appendLeaves,
  EMPTY_FRONTIER,
  frontierRoot,
  inclusionRanges,
  type LeafRange,
} from "@miniprivacy/core/log";
import type { Unit } from "../database/database.ts";
import { sha256 } from "./sha256.ts";

/** The log's tree as far as proofs need it. */
export interface LogTree {
  /**
   * The hashes that lead from a leaf to the root of the tree of a size.
   *
   * @throws RangeError when that tree has no such leaf.
   */
  inclusionPath(leafIndex: number, size: number): Promise<readonly Uint8Array[]>;
}

/** Roots are kept for whole blocks of so many leaves: they never change. */
const BLOCK = 256;
/** Blocks read from the database at once. */
const MOST_BLOCKS = 64;

/** Reads leaves from the database; what it has hashed once it remembers, 32 bytes for every 256 leaves. */
export function createLogTree(tables: Unit): LogTree {
  const blockRoots = new Map<number, Uint8Array>();

  async function loadLeaves({ start, end }: LeafRange): Promise<readonly Uint8Array[]> {
    const rows = await tables
      .selectFrom("log_leaf")
      .select("leaf_hash")
      .where("leaf_index", ">=", start)
      .where("leaf_index", "<", end)
      .orderBy("leaf_index")
      .execute();
    if (rows.length !== end - start) throw new Error("the log has a gap");
    return rows.map(({ leaf_hash }) => leaf_hash);
  }

  async function loadBlocks(first: number, end: number): Promise<void> {
    for (let block = first; block < end; block++) {
      if (blockRoots.has(block)) continue;
      const stop = Math.min(end, block + MOST_BLOCKS);
      const leaves = await loadLeaves({ start: block * BLOCK, end: stop * BLOCK });
      for (let i = block; i < stop; i++) {
        const own = leaves.slice((i - block) * BLOCK, (i - block + 1) * BLOCK);
        blockRoots.set(i, frontierRoot(appendLeaves(EMPTY_FRONTIER, own, sha256)));
      }
    }
  }

  /** A range begins where a subtree of its size may begin: whole blocks first, then what is left. */
  async function rangeRoot({ start, end }: LeafRange): Promise<Uint8Array> {
    const [first, stop] = [Math.ceil(start / BLOCK), Math.floor(end / BLOCK)];
    if (first >= stop)
      return frontierRoot(appendLeaves(EMPTY_FRONTIER, await loadLeaves({ start, end }), sha256));
    await loadBlocks(first, stop);
    const roots = Array.from({ length: stop - first }, (_, i) => blockRoots.get(first + i)!);
    const rest = await loadLeaves({ start: stop * BLOCK, end });
    const blocks = appendLeaves(EMPTY_FRONTIER, roots, sha256);
    const leaves = appendLeaves(EMPTY_FRONTIER, rest, sha256);
    return frontierRoot({ size: end - start, nodes: [...blocks.nodes, ...leaves.nodes] });
  }

  return {
    async inclusionPath(leafIndex, size) {
      const path: Uint8Array[] = [];
      for (const range of inclusionRanges(leafIndex, size)) path.push(await rangeRoot(range));
      return path;
    },
  };
}
