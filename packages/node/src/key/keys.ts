import { createHmac, randomBytes } from "node:crypto";
import {
  createSigner,
  generateSigningKey,
  type PrivateJwk,
  type Signer,
} from "@miniprivacy/core/certificate";
import { createLogSigner, generateLogKey, type LogSigner } from "../log/log-signer.ts";

/** The secrets of a deployment. */
export interface Keys {
  /** Signs certificates and receipts. */
  readonly signer: Signer;
  /** Signs the log's checkpoints. */
  readonly log: LogSigner;
  /** Authenticates notice tokens and request tokens. 32 bytes. */
  readonly mac: Uint8Array;
  /** Finds a person's row without keeping the name. 32 bytes. */
  readonly index: Uint8Array;
  /** Names erased persons in the journal, so that a restored backup can be cleaned. 32 bytes. */
  readonly ledger: Uint8Array;
  /** Seals consent evidence that outlives an erasure. 32 bytes. */
  readonly evidence: Uint8Array;
}

/** The keys that are plain bytes. */
export const SECRET_NAMES = ["mac", "index", "ledger", "evidence"] as const;
export type SecretName = (typeof SECRET_NAMES)[number];
type Secrets = { readonly [Name in SecretName]: Uint8Array };

/** The secrets as they are stored. */
export interface StoredKeys extends Secrets {
  readonly signing: PrivateJwk;
  readonly log: PrivateJwk;
}

/** New random keys that live as long as the process. */
export async function createKeys(): Promise<Keys> {
  const { signing, log, ...secrets } = await generateKeys();
  return { ...secrets, signer: await createSigner(signing), log: await createLogSigner(log) };
}

export async function generateKeys(): Promise<StoredKeys> {
  const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, randomBytes(32)]));
  return {
    ...(secrets as unknown as Secrets),
    signing: await generateSigningKey(),
    log: generateLogKey(),
  };
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
