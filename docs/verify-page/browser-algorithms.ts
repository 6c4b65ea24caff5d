import type { VerifyEd25519 } from "@miniprivacy/core/certificate";

/** The algorithms that a statement or its log proof may be signed with. */
export type Algorithm = "ES256" | "Ed25519";

/** Checks Ed25519 signatures with Web Crypto. */
export const verifyEd25519: VerifyEd25519 = async (publicKey, message, signature) => {
  const key = await crypto.subtle.importKey("raw", copy(publicKey), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, copy(signature), copy(message));
};

/** Whether this browser can: some learned Ed25519 only lately, some are made without parts of Web Crypto. */
export async function canVerify(algorithm: Algorithm): Promise<boolean> {
  const { key, importAs, verifyAs } = PROBES[algorithm];
  try {
    const imported = await crypto.subtle.importKey("jwk", key, importAs, false, ["verify"]);
    await crypto.subtle.verify(verifyAs, imported, new Uint8Array(64), new Uint8Array(1));
    return true;
  } catch {
    return false;
  }
}

/** A key that every implementation takes: the base point of the curve. */
const PROBES = {
  ES256: {
    key: {
      kty: "EC",
      crv: "P-256",
      x: "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
      y: "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    },
    importAs: { name: "ECDSA", namedCurve: "P-256" },
    verifyAs: { name: "ECDSA", hash: "SHA-256" },
  },
  Ed25519: {
    key: { kty: "OKP", crv: "Ed25519", x: "WGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY" },
    importAs: { name: "Ed25519" },
    verifyAs: { name: "Ed25519" },
  },
} as const;

/** Web Crypto's types ask for bytes that are shared with nobody. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
