import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** How far the sender's clock may be off, and how old a message may be. */
const TOLERANCE_MS = 5 * 60_000;
const SECRET_PREFIX = "whsec_";

/**
 * Reads a secret that two sides share: `whsec_` and 24 to 64 random bytes in base64.
 *
 * @throws TypeError for what is none; it says nothing of it.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function readSecret(secret: string): Buffer {
  const encoded = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : "";
  const key = Buffer.from(encoded, "base64");
  if (key.length < 24 || key.length > 64 || key.toString("base64") !== encoded)
    throw new TypeError("a secret is whsec_ and 24 to 64 bytes in base64");
  return key;
}

/** The headers that sign a body, after Standard Webhooks. */
export function signMessage(key: Uint8Array, body: string, now: number): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(now / 1000));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature(key, id, timestamp, body)}`,
  };
}

/** Whether a body was signed with the key, not long ago. The header may hold signatures by several keys. */
export function isSigned(key: Uint8Array, headers: Headers, body: string, now: number): boolean {
  const id = headers.get("webhook-id") ?? "";
  const timestamp = headers.get("webhook-timestamp") ?? "";
  if (!/^\d{1,12}$/.test(timestamp) || id === "") return false;
  if (Math.abs(now - Number(timestamp) * 1000) > TOLERANCE_MS) return false;
  const expected = Buffer.from(`v1,${signature(key, id, timestamp, body)}`);
  const given = (headers.get("webhook-signature") ?? "").split(" ").map((one) => Buffer.from(one));
  return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

function signature(key: Uint8Array, id: string, timestamp: string, body: string): string {
  return createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
}
