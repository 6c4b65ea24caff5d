import { sha256 } from "@noble/hashes/sha2.js";
import { nodeHash, type Sha256 } from "./log-leaf.ts";

/**
 * A Merkle tree as far as appending needs it: its size and the roots of its perfect subtrees, largest first.
 *
 * @see RFC 6962 §2.1
 */
export interface LogFrontier {
  readonly size: number;
  /** One 32-byte hash for each bit set in `size`. */
  readonly nodes: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: LogFrontier = { size: 0, nodes: [] };

/** The frontier after one more leaf. */
export function appendLeaf(frontier: LogFrontier, leaf: Uint8Array): LogFrontier {
  return appendLeaves(frontier, [leaf]);
}

/** The frontier after some more leaves, in their order. */
export function appendLeaves(
  { size, nodes }: LogFrontier,
  leaves: readonly Uint8Array[],
  hash: Sha256 = sha256,
): LogFrontier {
  const grown = [...nodes];
  leaves.forEach((leaf, i) => {
    let node = leaf;
    for (let merges = trailingOnes(size + i); merges > 0; merges--)
      node = nodeHash(grown.pop()!, node, hash);
    grown.push(node);
  });
  return { size: size + leaves.length, nodes: grown };
}

/** The tree's root; of the empty tree SHA-256 of nothing. */
export function frontierRoot({ nodes }: LogFrontier): Uint8Array {
  if (nodes.length === 0) return sha256(new Uint8Array());
  return nodes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), nodes.at(-1)!);
}

function trailingOnes(size: number): number {
  let count = 0;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) count++;
  return count;
}
