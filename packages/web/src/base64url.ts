/** Base64url without padding, shorter than core's, which brings its decoder's errors along. @see RFC 4648 §5 */
export function base64Url(bytes: ArrayLike<number>): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.replace(/.{1,6}/g, (sextet) => letter(parseInt(sextet.padEnd(6, "0"), 2)));
}

/** A to Z, a to z, 0 to 9, `-`, `_`. */
function letter(value: number): string {
  const offset = value < 26 ? 65 : value < 52 ? 71 : value < 62 ? -4 : value < 63 ? -17 : 32;
  return String.fromCharCode(value + offset);
}
