import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { keyThumbprint, type PrivateJwk, type PublicLogJwk } from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import { checkpointText, formatSignedNote, noteKeyId } from "@miniprivacy/core/log";

/** Holds the log's own key and signs how far the log has come. */
export interface LogSigner {
  /** The log's name, derived from its key. */
  readonly origin: string;
  /** The key to publish. */
  readonly publicJwk: PublicLogJwk;
  /** Signs a checkpoint. @see https://c2sp.org/tlog-checkpoint */
  signCheckpoint(tree: { readonly size: number; readonly root: Uint8Array }): string;
}

/**
 * Makes a log's signer of an Ed25519 private key.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for any other key.
 */
export async function createLogSigner(jwk: PrivateJwk): Promise<LogSigner> {
  if (jwk.kty !== "OKP" || jwk.crv !== "Ed25519") throw unusable();
  const { x, d } = jwk;
  const members = { kty: "OKP", crv: "Ed25519", x } as const;
  const key = importKey({ ...members, d });
  const kid = await keyThumbprint(members);
  const origin = `miniprivacy-log/${kid.slice(0, 16)}`;
  const keyId = noteKeyId(origin, Buffer.from(x, "base64url"));
  return {
    origin,
    publicJwk: { ...members, alg: "EdDSA", use: "sig", kid, log: origin },
    signCheckpoint({ size, root }) {
      const text = checkpointText({ origin, size, root });
      const signature = sign(null, Buffer.from(text), key);
      return formatSignedNote({ text, signatures: [{ name: origin, keyId, signature }] });
    },
  };
}

/** Makes a new Ed25519 key. */
export function generateLogKey(): PrivateJwk {
  const { x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x: x!, d: d! };
}

function importKey(jwk: { kty: string; crv: string; x: string; d: string }): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: jwk, format: "jwk" });
  } catch {
    throw unusable();
  }
  if (createPublicKey(key).export({ format: "jwk" }).x !== jwk.x) throw unusable();
  return key;
}

function unusable(): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", { detail: "the log key is not an Ed25519 key" });
}
