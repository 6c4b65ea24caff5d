import { decodeBase64, encodeBase64 } from "../bytes/base64.ts";
import { PrivacyError } from "../errors/privacy-error.ts";

/** What a log signs to say how far it has come. @see https://c2sp.org/tlog-checkpoint */
export interface Checkpoint {
  /** The log's name, which is also the name of its key. */
  readonly origin: string;
  /** How many leaves it has. */
  readonly size: number;
  /** Root of the tree over them, 32 bytes. */
  readonly root: Uint8Array;
}

/** The text to sign. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/**
 * Reads the text of a checkpoint; extension lines are refused, for we know none.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID`
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [, origin, digits, base64] =
    /^([^\s+]+)\n(0|[1-9]\d{0,14})\n([\w+/]+=*)\n$/.exec(text) ?? [];
  if (origin === undefined || digits === undefined || base64 === undefined) throw notACheckpoint();
  const root = decodeBase64(base64);
  if (root.length !== 32) throw notACheckpoint();
  return { origin, size: Number(digits), root };
}

function notACheckpoint(): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { detail: "not a checkpoint" });
}
