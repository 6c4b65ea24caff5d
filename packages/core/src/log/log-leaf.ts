import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "../bytes/length-prefix.ts";

/** First byte of every leaf: the version of its form. */
export const LEAF_VERSION = 1;

/** How many random bytes blind a leaf. */
export const BLINDING_BYTES = 16;

/** Computes SHA-256. A host that has a faster one than ours may bring it. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/**
 * The digest a leaf commits to: SHA-256 over blinding and body, each length-prefixed. Without the blinding it tells
 * nothing of the body, so a body can be erased while its leaf stays.
 *
 * @throws RangeError when the blinding is not 16 bytes.
 */
export function blindedDigest(
  body: Uint8Array,
  blinding: Uint8Array,
  hash: Sha256 = sha256,
): Uint8Array {
  if (blinding.length !== BLINDING_BYTES) throw new RangeError("blinding must be 16 bytes");
  return hash(lengthPrefixed(blinding, body));
}

/** The leaf's content: version, then blinded digest. */
export function leafContent(digest: Uint8Array): Uint8Array {
  return tagged(LEAF_VERSION, digest);
}

/** Merkle leaf hash, SHA-256(0x00 ‖ content). @see RFC 6962 §2.1 */
export function leafHash(content: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(tagged(0x00, content));
}

/** Merkle inner node hash, SHA-256(0x01 ‖ left ‖ right). @see RFC 6962 §2.1 */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(tagged(0x01, left, right));
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((size, { length }) => size + length, 1));
  out[0] = tag;
  let offset = 1;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
