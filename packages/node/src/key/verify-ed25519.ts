import { createPublicKey, verify } from "node:crypto";
import type { VerifyEd25519 } from "@miniprivacy/core/certificate";

/** Checks Ed25519 signatures with `node:crypto`, as `verifyStatement` needs it for a log proof. */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const x = Buffer.from(publicKey).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, message, key, signature);
};
