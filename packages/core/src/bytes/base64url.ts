import { PrivacyError } from "../errors/privacy-error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Base64url without padding. @see RFC 4648 §5 */
export function encodeBase64Url(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
    if (left > 1) out += ALPHABET[(group >> 6) & 63]!;
    if (left > 2) out += ALPHABET[group & 63]!;
  }
  return out;
}

/**
 * Decodes base64url, strictly: no padding, no other characters, and no bits set behind the last byte, so that only one
 * text stands for the same bytes.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID`
 */
export function decodeBase64Url(text: string): Uint8Array {
  const tail = text.length % 4;
  if (tail === 1) throw notBase64Url();
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    held = (held << 6) | sextet(text.charCodeAt(i));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (held >> bits) & 0xff;
    held &= (1 << bits) - 1;
  }
  if (held !== 0) throw notBase64Url();
  return bytes;
}

function sextet(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === 45) return 62;
  if (code === 95) return 63;
  throw notBase64Url();
}

function notBase64Url(): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { detail: "not base64url" });
}
