import { PrivacyError } from "../errors/privacy-error.ts";
import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";

/** Base64 with padding. @see RFC 4648 §4 */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

/**
 * Decodes base64, strictly: padded, no other characters, no bits set behind the last byte.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID`
 */
export function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[\w+/]*={0,2}$/.test(text) || text.includes("_"))
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "not base64" });
  const unpadded = text.replace(/=+$/, "");
  return decodeBase64Url(unpadded.replaceAll("+", "-").replaceAll("/", "_"));
}
