import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64, encodeBase64 } from "../bytes/base64.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { PrivacyError } from "../errors/privacy-error.ts";

/** A text and the signatures below it. Nothing of it is believed yet. @see https://c2sp.org/signed-note */
export interface SignedNote {
  /** What is signed, its last newline included. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  /** Name of the key. */
  readonly name: string;
  /** First four bytes of a digest over name and key: tells keys of one name apart. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** Marks an Ed25519 key of a note. */
const ED25519 = 0x01;
const KEY_ID_BYTES = 4;
/** Longest note we read, in characters: many times what a log writes. */
const MAX_NOTE_LENGTH = 16_384;

/** The id of an Ed25519 key under a name: SHA-256(name ‖ newline ‖ 0x01 ‖ key), its first four bytes. */
export function noteKeyId(name: string, publicKey: Uint8Array): Uint8Array {
  const hash = sha256
    .create()
    .update(encodeUtf8(`${name}\n`))
    .update(Uint8Array.of(ED25519));
  return hash.update(publicKey).digest().subarray(0, KEY_ID_BYTES);
}

/** Writes a note. The text must end with a newline. */
export function formatSignedNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(({ name, keyId, signature }) => {
    const bytes = new Uint8Array(KEY_ID_BYTES + signature.length);
    bytes.set(keyId);
    bytes.set(signature, KEY_ID_BYTES);
    return `— ${name} ${encodeBase64(bytes)}\n`;
  });
  return `${text}\n${lines.join("")}`;
}

/**
 * Takes a note apart.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` when it is none, or has no signature.
 */
export function parseSignedNote(note: string): SignedNote {
  const split = note.lastIndexOf("\n\n");
  const lines = note.slice(split + 2).split("\n");
  if (note.length > MAX_NOTE_LENGTH || split < 0 || lines.pop() !== "" || lines.length === 0)
    throw notANote();
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [, name, base64] = /^— ([^\s+]+) ([\w+/]+=*)$/.exec(line) ?? [];
  if (name === undefined || base64 === undefined) throw notANote();
  const bytes = decodeBase64(base64);
  if (bytes.length <= KEY_ID_BYTES) throw notANote();
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

function notANote(): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { detail: "not a signed note" });
}
