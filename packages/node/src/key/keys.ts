import { createHmac, randomBytes } from "node:crypto";
import {
  createSigner,
  generateSigningKey,
  type PrivateJwk,
  type Signer,
} from "@miniprivacy/core/certificate";

/** The secrets of a deployment. */
export interface Keys {
  /** Signs certificates and receipts. */
  readonly signer: Signer;
  /** Authenticates notice tokens and request tokens. 32 bytes. */
  readonly mac: Uint8Array;
  /** Finds a person's row without keeping the name. 32 bytes. */
  readonly index: Uint8Array;
  /** Seals consent evidence that outlives an erasure. 32 bytes. */
  readonly evidence: Uint8Array;
}

/** The secrets as they are stored. */
export interface StoredKeys {
  readonly signing: PrivateJwk;
  readonly mac: Uint8Array;
  readonly index: Uint8Array;
  readonly evidence: Uint8Array;
}

/** New random keys that live as long as the process. */
export async function createKeys(): Promise<Keys> {
  return openKeys(await generateKeys());
}

export async function generateKeys(): Promise<StoredKeys> {
  return {
    signing: await generateSigningKey(),
    mac: randomBytes(32),
    index: randomBytes(32),
    evidence: randomBytes(32),
  };
}

export async function openKeys({ signing, mac, index, evidence }: StoredKeys): Promise<Keys> {
  return { signer: await createSigner(signing), mac, index, evidence };
}

/** HMAC-SHA-256 over parts, each preceded by its length. */
export function keyedDigest(key: Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest();
}
