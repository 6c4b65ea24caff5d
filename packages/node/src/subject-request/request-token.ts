import { createHash } from "node:crypto";
import { keyedDigest, type Keys } from "../key/keys.ts";

/**
 * Reaches a request without a session, base64url of 128 bits. Derived, so that a retry can be told the token that was
 * shown; stored only as a digest.
 */
export function requestToken({ mac }: Keys, tenant: string, id: string): string {
  return keyedDigest(mac, "request-token", tenant, id).subarray(0, 16).toString("base64url");
}

export function tokenHash(token: string): Buffer {
  return createHash("sha256").update("request-token").update(token).digest();
}
