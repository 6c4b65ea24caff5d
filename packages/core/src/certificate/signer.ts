import { CompactSign, exportJWK, generateKeyPair, importJWK } from "jose";
import { decodeBase64Url, encodeBase64Url } from "../bytes/base64url.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import { toLowS } from "./low-s.ts";
import {
  isCoordinate,
  keyAlgorithm,
  keyThumbprint,
  type PrivateJwk,
  type PublicJwk,
  publicKeyMembers,
  type SignatureAlgorithm,
} from "./signing-key.ts";
import { MAX_STATEMENT_LENGTH, type StatementType } from "./statement-type.ts";

/** Holds a private key and signs statements with it. */
export interface Signer {
  readonly alg: SignatureAlgorithm;
  /** RFC 7638 SHA-256 thumbprint of the key, base64url. */
  readonly kid: string;
  /** The key to publish. */
  readonly publicJwk: PublicJwk;
  /**
   * Signs the RFC 8785 bytes of a payload as a compact JWS with the header members `alg`, `kid` and `typ`.
   *
   * @throws PrivacyError `ERR_INPUT_INVALID` when the payload is not JSON, `ERR_INPUT_TOO_LARGE` when the JWS would be
   *   longer than a verifier reads.
   */
  sign(typ: StatementType, payload: object): Promise<string>;
}

/**
 * Makes a signer of a private key, ES256 (P-256) or EdDSA (Ed25519).
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when it is neither, or its private and public parts do not belong together.
 */
export async function createSigner(privateJwk: PrivateJwk): Promise<Signer> {
  const members = publicKeyMembers({ ...privateJwk });
  if (members === undefined || !isCoordinate(privateJwk.d)) throw unusable();
  const alg = keyAlgorithm(members);
  const kid = await keyThumbprint(members);
  const key = await importJWK({ ...members, d: privateJwk.d }, alg).catch(() => {
    throw unusable();
  });
  return {
    alg,
    kid,
    publicJwk: { ...members, alg, use: "sig", kid },
    async sign(typ, payload) {
      const bytes = encodeUtf8(canonicalJson(payload));
      const jws = await new CompactSign(bytes).setProtectedHeader({ alg, kid, typ }).sign(key);
      if (jws.length > MAX_STATEMENT_LENGTH) throw new PrivacyError("ERR_INPUT_TOO_LARGE");
      return alg === "ES256" ? withLowS(jws) : jws;
    },
  };
}

/** Makes a new ES256 key. */
export async function generateSigningKey(): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const { x, y, d } = await exportJWK(privateKey);
  if (x === undefined || y === undefined || d === undefined) throw new PrivacyError("ERR_INTERNAL");
  return { kty: "EC", crv: "P-256", x, y, d };
}

function withLowS(jws: string): string {
  const start = jws.lastIndexOf(".") + 1;
  return jws.slice(0, start) + encodeBase64Url(toLowS(decodeBase64Url(jws.slice(start))));
}

function unusable(): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", {
    detail: "the signing key is not a P-256 or Ed25519 key pair",
  });
}
