import { calculateJwkThumbprint } from "jose";
import { decodeBase64Url } from "../bytes/base64url.ts";

export type SignatureAlgorithm = "ES256" | "EdDSA";

/** What makes a public key: nothing but its curve and point (RFC 7518 §6.2, RFC 8037). */
export type PublicKeyMembers =
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
  | { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string };

/** A public key as it is published. `kid` is its RFC 7638 SHA-256 thumbprint. */
export type PublicJwk = PublicKeyMembers & {
  readonly alg: SignatureAlgorithm;
  readonly use: "sig";
  readonly kid: string;
};

/** The log's public key: signs checkpoints under the name in `log`, never statements. */
export type PublicLogJwk = PublicJwk & { readonly log: string };

/** A private key as it is kept: secret. */
export type PrivateJwk = PublicKeyMembers & { readonly d: string };

/** A JWK set (RFC 7517 §5). */
export interface KeySet {
  readonly keys: readonly (PublicJwk | PublicLogJwk)[];
}

/** Reads the public members of a JWK, whatever else it has; undefined when it is no key we use, or not canonically written. */
export function publicKeyMembers(jwk: {
  readonly [member: string]: unknown;
}): PublicKeyMembers | undefined {
  const { kty, crv, x, y } = jwk;
  if (kty === "EC" && crv === "P-256" && isCoordinate(x) && isCoordinate(y))
    return { kty, crv, x, y };
  if (kty === "OKP" && crv === "Ed25519" && isCoordinate(x)) return { kty, crv, x };
  return undefined;
}

/** The one algorithm a key is used with. */
export function keyAlgorithm({ kty }: PublicKeyMembers): SignatureAlgorithm {
  return kty === "EC" ? "ES256" : "EdDSA";
}

/** The RFC 7638 SHA-256 thumbprint, base64url. */
export async function keyThumbprint(members: PublicKeyMembers): Promise<string> {
  return calculateJwkThumbprint(members, "sha256");
}

/** Whether a value is 32 bytes in canonical base64url. */
export function isCoordinate(value: unknown): value is string {
  if (typeof value !== "string" || value.length !== 43) return false;
  try {
    return decodeBase64Url(value).length === 32;
  } catch {
    return false;
  }
}
