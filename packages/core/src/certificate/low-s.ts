import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** Order of the base point of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Whether an ES256 signature (r ‖ s, 64 bytes) is the one of its two equivalent forms that has the smaller s. */
export function isLowS(signature: Uint8Array): boolean {
  return signature.length === 64 && scalar(signature) <= ORDER / 2n;
}

/** The form of an ES256 signature with the smaller s. Both forms verify; accepting one makes the bytes unique. */
export function toLowS(signature: Uint8Array): Uint8Array {
  if (isLowS(signature)) return signature;
  const low = (ORDER - scalar(signature)).toString(16).padStart(64, "0");
  return Uint8Array.of(...signature.subarray(0, 32), ...hexToBytes(low));
}

function scalar(signature: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(signature.subarray(32))}`);
}
