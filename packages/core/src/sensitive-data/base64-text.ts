const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Shorter ones hold nothing that is looked for. */
const SHORTEST_BASE64 = 14;

let values: Uint8Array | undefined;

/** Built when first needed; the URL-safe letters stand for the same. */
function letterValues(): Uint8Array {
  if (values !== undefined) return values;
  values = new Uint8Array(128).fill(64);
  for (let i = 0; i < 64; i++) values[LETTERS.charCodeAt(i)] = i;
  values[0x2d] = 62;
  values[0x5f] = 63;
  return values;
}

/** The text that a run of base64 letters stands for; no text when it is none, which shows within a few letters. */
export interface Base64Run {
  readonly start: number;
  /** Where the run ends, or stops being a text. */
  readonly end: number;
  readonly text?: string;
}

/** Reads the run of base64 letters around a place, from no earlier than a floor. */
export function base64Run(text: string, at: number, floor: number): Base64Run {
  const table = letterValues();
  let start = at;
  while (start > floor && table[text.charCodeAt(start - 1)]! < 64) start--;
  const codes: number[] = [];
  let out = "";
  let bits = 0;
  let held = 0;
  let code = 0;
  let following = 0;
  let end = start;
  for (; ; end++) {
    const value = end < text.length ? table[text.charCodeAt(end)] : undefined;
    if (value === undefined || value > 63) break;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const byte = (held >> bits) & 0xff;
    held &= 0xff;
    if (following > 0) {
      if (byte >> 6 !== 2) return { start, end };
      code = (code << 6) | (byte & 63);
      following--;
    } else if (byte < 0x80) {
      if (byte < 32 && (byte < 9 || byte > 13)) return { start, end };
      code = byte;
    } else {
      following = byte > 0xef ? 3 : byte > 0xdf ? 2 : 1;
      if (byte < 0xc2 || byte > 0xf4) return { start, end };
      code = byte & (0x3f >> following);
    }
    if (following > 0) continue;
    if (code > 0xffff) codes.push(0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff));
    else codes.push(code);
    if (codes.length > 4096) out += String.fromCharCode(...codes.splice(0));
  }
  if (following > 0 || end - start < SHORTEST_BASE64) return { start, end };
  return { start, end, text: out + String.fromCharCode(...codes) };
}
