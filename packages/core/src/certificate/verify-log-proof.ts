import { hexToBytes } from "@noble/hashes/utils.js";
import { decodeBase64Url } from "../bytes/base64url.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { type Checkpoint, parseCheckpoint } from "../log/checkpoint.ts";
import { rootOfInclusion } from "../log/inclusion-proof.ts";
import { blindedDigest, leafContent, leafHash } from "../log/log-leaf.ts";
import { type LogProof, parseLogProof } from "../log/log-proof.ts";
import { noteKeyId, parseSignedNote, type SignedNote } from "../log/signed-note.ts";
import type { Checklist } from "./checklist.ts";
import { isPublicOnly, mayVerify } from "./published-key.ts";
import { type KeySet, keyThumbprint, publicKeyMembers } from "./signing-key.ts";

/** Tells whether an Ed25519 signature holds. The host brings it: Web Crypto or `node:crypto`. @see RFC 8032 */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** A log proof to check together with a statement. */
export interface LogProofOptions {
  /** The proof as it was handed out, `c2sp.org/tlog-proof@v1`. */
  readonly text: string;
  readonly verifyEd25519: VerifyEd25519;
  /** RFC 7638 thumbprint of the log key to trust (none: the log keys of the set, on the caller's word). */
  readonly trust?: string;
}

/** Where a log holds a statement. */
export interface LoggedAt {
  readonly origin: string;
  readonly leafIndex: number;
  /** How many leaves the log had at the checkpoint. */
  readonly size: number;
}

/** What a leaf was made of: its body, blinded by what the proof brings, or the digest of both. */
export type LoggedEntry = { readonly body: Uint8Array } | { readonly digest: string };

/** Checks that a signed checkpoint of the log covers an entry. Undefined when a check fails. */
export async function checkLogProof(
  list: Checklist,
  entry: LoggedEntry,
  keys: KeySet,
  options: LogProofOptions,
): Promise<LoggedAt | undefined> {
  const read = list.reads("log-proof-form", () => readProof(entry, options.text));
  if (read === undefined) return undefined;
  const { proof, note, checkpoint, leaf } = read;
  const key = await findLogKey(keys, checkpoint.origin, options.trust);
  if (!list.holds("log-key", key !== undefined)) return undefined;
  if (!list.holds("log-signature", await isSignedByLog(note, checkpoint.origin, key!, options)))
    return undefined;
  const { leafIndex } = proof;
  const root = rootOfInclusion({ leafIndex, size: checkpoint.size, leaf }, proof.path);
  const included = root !== undefined && root.every((byte, i) => byte === checkpoint.root[i]);
  if (!list.holds("log-inclusion", included)) return undefined;
  return { origin: checkpoint.origin, leafIndex, size: checkpoint.size };
}

interface ReadProof {
  readonly proof: LogProof;
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
  readonly leaf: Uint8Array;
}

function readProof(entry: LoggedEntry, text: string): ReadProof {
  const proof = parseLogProof(text);
  const note = parseSignedNote(proof.checkpoint);
  const digest =
    "digest" in entry
      ? hexToBytes(entry.digest)
      : blindedDigest(entry.body, proof.blinding ?? new Uint8Array());
  const leaf = leafHash(leafContent(digest));
  return { proof, note, checkpoint: parseCheckpoint(note.text), leaf };
}

/** The one key published for a log of this name. */
async function findLogKey(
  { keys }: KeySet,
  origin: string,
  pin: string | undefined,
): Promise<Uint8Array | undefined> {
  const [jwk, ...others] = keys.filter((key) => "log" in key && key.log === origin);
  const members = jwk === undefined ? undefined : publicKeyMembers({ ...jwk });
  if (others.length > 0 || members?.kty !== "OKP") return undefined;
  if (!isPublicOnly({ ...jwk }) || !mayVerify({ ...jwk }, "EdDSA")) return undefined;
  const thumbprint = await keyThumbprint(members);
  const trusted = thumbprint === jwk!.kid && (pin === undefined || pin === thumbprint);
  return trusted ? decodeBase64Url(members.x) : undefined;
}

async function isSignedByLog(
  { text, signatures }: SignedNote,
  origin: string,
  key: Uint8Array,
  { verifyEd25519 }: LogProofOptions,
): Promise<boolean> {
  const keyId = noteKeyId(origin, key);
  const own = signatures.find(
    (signature) =>
      signature.name === origin && signature.keyId.every((byte, i) => byte === keyId[i]),
  );
  return own !== undefined && (await verifyEd25519(key, encodeUtf8(text), own.signature));
}
