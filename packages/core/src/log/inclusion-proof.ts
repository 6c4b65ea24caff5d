import { nodeHash, type Sha256 } from "./log-leaf.ts";

/** The leaves from `start` up to, not including, `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The subtrees whose roots prove that a leaf is in a tree: its sibling first, then upwards.
 *
 * @throws RangeError when the tree has no such leaf.
 * @see RFC 6962 §2.1.1
 */
export function inclusionRanges(leafIndex: number, size: number): readonly LeafRange[] {
  if (!Number.isSafeInteger(leafIndex) || leafIndex < 0 || leafIndex >= size)
    throw new RangeError("no such leaf");
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (leafIndex < middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return ranges;
}

/**
 * The root that a leaf and its path lead to; undefined when the path is too short or too long for a tree of this size.
 *
 * @see RFC 9162 §2.1.3.2
 */
export function rootOfInclusion(
  {
    leafIndex,
    size,
    leaf,
  }: { readonly leafIndex: number; readonly size: number; readonly leaf: Uint8Array },
  path: readonly Uint8Array[],
  hash?: Sha256,
): Uint8Array | undefined {
  if (leafIndex < 0 || leafIndex >= size) return undefined;
  let node = leaf;
  let left = leafIndex;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (left % 2 === 1 || left === last) {
      node = nodeHash(sibling, node, hash);
      while (left % 2 === 0 && left > 0) {
        left /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      node = nodeHash(node, sibling, hash);
    }
    left = Math.floor(left / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node : undefined;
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
