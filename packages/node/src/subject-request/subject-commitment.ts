import { createHash } from "node:crypto";
import { lengthPrefixed } from "@miniprivacy/core";
import { keyedDigest, type Keys } from "../key/keys.ts";
import { seal, unseal } from "../key/seal.ts";

/**
 * Commits a certificate to a person without naming her: SHA-256 over salt, tenant and subjectId, each length-prefixed.
 * Whoever is given the salt can check it.
 */
export function subjectCommitment(salt: Uint8Array, tenant: string, subjectId: string): string {
  return createHash("sha256")
    .update(lengthPrefixed(salt, Buffer.from(tenant), Buffer.from(subjectId)))
    .digest("hex");
}

/** The salt as it is kept: whoever has only the database can try no names against the commitment. */
export function sealCommitmentSalt(
  keys: Keys,
  tenant: string,
  requestId: string,
  salt: Uint8Array,
): Buffer {
  return seal(saltKey(keys), salt, context(tenant, requestId));
}

export function openCommitmentSalt(
  keys: Keys,
  tenant: string,
  requestId: string,
  sealed: Uint8Array,
): Buffer {
  return unseal(saltKey(keys), sealed, context(tenant, requestId));
}

function saltKey({ mac }: Keys): Uint8Array {
  return keyedDigest(mac, "commitment-salt");
}

function context(tenant: string, requestId: string): string {
  return `${tenant}/${requestId}`;
}
