import { PrivacyError } from "../errors/privacy-error.ts";

/**
 * Encodes text as UTF-8. Mini-programs have no TextEncoder.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` on a lone surrogate.
 */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const char of text) {
    const point = char.codePointAt(0)!;
    if (point < 0x80) bytes[length++] = point;
    else if (point < 0x800) length = put(bytes, length, 0xc0 | (point >> 6), point);
    else if (point < 0x10000) {
      if (point >= 0xd800 && point <= 0xdfff)
        throw new PrivacyError("ERR_INPUT_INVALID", { detail: "lone surrogate" });
      bytes[length++] = 0xe0 | (point >> 12);
      length = put(bytes, length, 0x80 | ((point >> 6) & 0x3f), point);
    } else {
      bytes[length++] = 0xf0 | (point >> 18);
      bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
      length = put(bytes, length, 0x80 | ((point >> 6) & 0x3f), point);
    }
  }
  return bytes.slice(0, length);
}

/**
 * Decodes UTF-8, strictly.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` for malformed or overlong sequences and encoded surrogates.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i]!;
    const extra =
      lead < 0x80
        ? 0
        : lead >= 0xc2 && lead < 0xe0
          ? 1
          : lead >= 0xe0 && lead < 0xf0
            ? 2
            : lead >= 0xf0 && lead < 0xf5
              ? 3
              : -1;
    if (extra < 0) throw malformed();
    let point = extra === 0 ? lead : lead & (0x3f >> extra);
    for (let k = 1; k <= extra; k++) {
      const next = bytes[i + k];
      if (next === undefined || (next & 0xc0) !== 0x80) throw malformed();
      point = (point << 6) | (next & 0x3f);
    }
    if (point < SMALLEST[extra]! || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
      throw malformed();
    text += String.fromCodePoint(point);
    i += extra + 1;
  }
  return text;
}

/** The smallest code point that needs so many continuation bytes. */
const SMALLEST: readonly number[] = [0, 0x80, 0x800, 0x10000];

function malformed(): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { detail: "malformed UTF-8" });
}

function put(bytes: Uint8Array, at: number, lead: number, point: number): number {
  bytes[at] = lead;
  bytes[at + 1] = 0x80 | (point & 0x3f);
  return at + 2;
}
