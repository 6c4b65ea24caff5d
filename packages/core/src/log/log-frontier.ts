import { sha256 } from "@noble/hashes/sha2.js";
import { nodeHash } from "./log-leaf.ts";

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
export function appendLeaf({ size, nodes }: LogFrontier, leaf: Uint8Array): LogFrontier {
  const merged = trailingOnes(size);
  const kept = nodes.slice(0, nodes.length - merged);
  const node = nodes
    .slice(nodes.length - merged)
    .reduceRight((right, left) => nodeHash(left, right), leaf);
  return { size: size + 1, nodes: [...kept, node] };
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
