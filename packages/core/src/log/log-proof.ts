import { decodeBase64, encodeBase64 } from "../bytes/base64.ts";
import { PrivacyError } from "../errors/privacy-error.ts";

/** Shows that a log held an entry when a checkpoint was signed. @see https://c2sp.org/tlog-proof */
export interface LogProof {
  readonly leafIndex: number;
  /** Roots of the subtrees beside the leaf's way up, its sibling first. */
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint the path leads to. */
  readonly checkpoint: string;
  /** What blinded the leaf, where the verifier needs it to make the leaf anew. */
  readonly blinding?: Uint8Array;
}

const HEADER = "c2sp.org/tlog-proof@v1";
const HASH_BYTES = 32;
/** A path cannot be longer: no index needs more bits. */
const MAX_PATH = 53;
/** Longest part before the checkpoint, in characters: a full path and some room. */
const MAX_LENGTH = 4096;

/** Writes a proof as text. */
export function formatLogProof({ leafIndex, path, checkpoint, blinding }: LogProof): string {
  const extra = blinding === undefined ? [] : [`extra ${encodeBase64(blinding)}`];
  return [HEADER, ...extra, `index ${leafIndex}`, ...path.map(encodeBase64), "", checkpoint].join(
    "\n",
  );
}

/**
 * Reads a proof. Nothing of it has been checked against anything.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID`
 */
export function parseLogProof(text: string): LogProof {
  const split = text.indexOf("\n\n");
  const [header, ...lines] = text.slice(0, split).split("\n");
  const checkpoint = text.slice(split + 2);
  if (split < 0 || split > MAX_LENGTH || header !== HEADER) throw notAProof();
  const blinding = lines[0]?.startsWith("extra ")
    ? decodeBase64(lines.shift()!.slice("extra ".length))
    : undefined;
  const digits = /^index (0|[1-9]\d{0,14})$/.exec(lines.shift() ?? "")?.[1];
  const path = lines.map(decodeBase64);
  if (digits === undefined || path.length > MAX_PATH) throw notAProof();
  if (path.some(({ length }) => length !== HASH_BYTES)) throw notAProof();
  return { leafIndex: Number(digits), path, checkpoint, ...(blinding && { blinding }) };
}

function notAProof(): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { detail: "not a log proof" });
}
