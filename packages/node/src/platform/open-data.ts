import { createDecipheriv, hash, timingSafeEqual } from "node:crypto";
import { isOwnWatermark } from "./watermark.ts";

export interface OpenDataOptions {
  /** How long ago the person may have acted, milliseconds (300000: five minutes). */
  readonly maxAgeMs?: number;
}

/** What was in it, or that it was refused: nothing tells why, so that nobody can feel their way to the content. */
export type OpenDataResult =
  | { readonly opened: true; readonly data: { readonly [name: string]: unknown } }
  | { readonly opened: false };

/** Data as a client hands it on, and the key to it. */
export interface SealedData {
  readonly encryptedData: string;
  readonly iv: string;
  readonly sessionKey: string;
}

/** Whom and when opened data must be for. */
export interface OpenDataParts {
  readonly appId: string;
  readonly now: () => number;
}

const MAX_AGE_MS = 300_000;
/** The profile is under half a kilobyte, thirty days of steps under two. */
const MAX_BYTES = 49_152;
const MAX_RAW_LENGTH = 65_536;
const BLOCK_BYTES = 16;

export function verifyRawData(rawData: string, signature: string, sessionKey: string): boolean {
  if (![rawData, signature, sessionKey].every((text) => typeof text === "string")) return false;
  if (rawData.length > MAX_RAW_LENGTH || !/^[0-9a-f]{40}$/.test(signature)) return false;
  // SHA-1 of the data and the key, not a MAC: it is what Weixin signs with.
  const expected = hash("sha1", rawData + sessionKey, "hex");
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
}

/** @throws RangeError for an age limit that is none. */
export function decryptOpenData(
  { appId, now }: OpenDataParts,
  sealed: SealedData,
  { maxAgeMs = MAX_AGE_MS }: OpenDataOptions = {},
): OpenDataResult {
  if (!(maxAgeMs >= 0)) throw new RangeError("maxAgeMs is negative or no number");
  const data = unseal(sealed);
  const isOwn = isOwnWatermark(data?.["watermark"], { appId, now: now(), maxAgeMs });
  return data !== undefined && isOwn ? { opened: true, data } : { opened: false };
}

function unseal({ encryptedData, iv, sessionKey }: SealedData): OpenedData | undefined {
  const key = bytesOf(sessionKey, BLOCK_BYTES);
  const start = bytesOf(iv, BLOCK_BYTES);
  const content = bytesOf(encryptedData, MAX_BYTES);
  if (key === undefined || start === undefined || content === undefined) return undefined;
  try {
    const decipher = createDecipheriv("aes-128-cbc", key, start);
    const plain = Buffer.concat([decipher.update(content), decipher.final()]);
    return openedData(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain)));
  } catch {
    // A key or IV of another length, padding, encoding and syntax fail alike.
    return undefined;
  }
}

type OpenedData = { readonly [name: string]: unknown };

function openedData(value: unknown): OpenedData | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as OpenedData) : undefined;
}

/** The bytes of base64 in its one spelling; undefined for any other text, and for too many. */
function bytesOf(text: unknown, maxBytes: number): Buffer | undefined {
  if (typeof text !== "string" || text.length > Math.ceil(maxBytes / 3) * 4) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
