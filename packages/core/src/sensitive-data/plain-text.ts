import { isHex } from "./ascii.ts";

/** A text as it is read: what is hidden, widened or escaped is undone. */
export interface PlainText {
  readonly text: string;
  /** Where the character at an offset of `text` begins in what was given. */
  start(offset: number): number;
  /** Where the character before an offset of `text` ends in what was given. */
  end(offset: number): number;
}

/** Encoded more often than that, nobody reads it. */
const MOST_LAYERS = 3;

/**
 * Undoes full width, other digits, invisible characters, JSON's escapes and percent-encoding, and remembers where each
 * character stood.
 */
export function plainText(given: string): PlainText {
  let { text, starts, ends } = undoLayer(given);
  for (let depth = 1; depth < MOST_LAYERS && /[\\%]/.test(text); depth++) {
    const outer = { starts, ends };
    const inner = undoLayer(text);
    text = inner.text;
    starts = inner.starts.map((at) => outer.starts[at]!);
    ends = inner.ends.map((at) => outer.ends[at - 1]!);
  }
  return { text, start: (offset) => starts[offset]!, end: (offset) => ends[offset - 1]! };
}

interface Layer {
  readonly text: string;
  /** Where each character of the text begins and ends in what it was read from. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

function undoLayer(text: string): Layer {
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  const codes = new Uint16Array(text.length);
  const shown = shownCodes();
  let size = 0;
  let at = 0;
  const put = (code: number, length: number): void => {
    if (code === 0) return;
    starts[size] = at;
    ends[size] = at + length;
    codes[size++] = code;
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    let length = 1;
    if (code === BACKSLASH) {
      const escape = escapeAt(text, at);
      ({ length } = escape);
      put(escape.shown, length);
    } else if (code === PERCENT && isEncoded(text, at)) {
      const encoded = encodedAt(text, at);
      ({ length } = encoded);
      for (let i = 0; i < encoded.shown.length; i++)
        put(shown[encoded.shown.charCodeAt(i)]!, length);
    } else put(shown[code]!, length);
    at += length;
  }
  return {
    text: textOfCodes(codes.subarray(0, size)),
    starts: starts.subarray(0, size),
    ends: ends.subarray(0, size),
  };
}

const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const SPACE = 0x20;

/** An escape of JSON, also of JSON in JSON; what ends a line reads as a space. */
function escapeAt(text: string, at: number): { readonly length: number; readonly shown: number } {
  let next = at;
  while (text.charCodeAt(next) === BACKSLASH) next++;
  const letter = text.charAt(next);
  const hex = letter === "u" ? text.slice(next + 1, next + 5) : "";
  if (/^[\da-f]{4}$/i.test(hex)) {
    const code = parseInt(hex, 16);
    return { length: next + 5 - at, shown: shownCodes()[code]! };
  }
  if (letter !== "" && "bfnrt".includes(letter)) return { length: next + 1 - at, shown: SPACE };
  return { length: next - at, shown: /["/]/.test(letter) ? 0 : BACKSLASH };
}

/** Whether two hexadecimal digits follow a percent sign. */
export function isEncoded(text: string, at: number): boolean {
  return isHex(text.charCodeAt(at + 1)) && isHex(text.charCodeAt(at + 2));
}

/** One percent-encoded character; a byte that is no UTF-8 stays as it stands. */
function encodedAt(text: string, at: number): { readonly length: number; readonly shown: string } {
  const byte = parseInt(text.slice(at + 1, at + 3), 16);
  // A control character is none that anybody means: `5%11…`.
  if (byte < SPACE) return { length: 1, shown: "%" };
  if (byte < 0x80) return { length: 3, shown: String.fromCharCode(byte) };
  const length = byte < 0xe0 ? 6 : byte < 0xf0 ? 9 : 12;
  const encoded = text.slice(at, at + length);
  const isWhole = encoded.length === length && /^..[^](?:%[89ab][\da-f])*$/i.test(encoded);
  try {
    return isWhole ? { length, shown: decodeURIComponent(encoded) } : { length: 1, shown: "%" };
  } catch {
    return { length: 1, shown: "%" };
  }
}

/** Full-width forms that stand in every Chinese text: read as they stand. */
const CHINESE_PUNCTUATION = "！＂＃％＆＇（）＊，：；＜＝＞？［＼］＾｀｛｜｝～";

let shown: Uint16Array | undefined;

/** What each character is read as. A constant, built when it is first needed. */
export function shownCodes(): Uint16Array {
  return (shown ??= Uint16Array.from({ length: 0x10000 }, (_, code) => shownCode(code)));
}

/** How a character is read: in ASCII if it is a form of an ASCII one, 0 if it shows nothing. */
function shownCode(code: number): number {
  if (code < 0x80) return (code > 0x1f && code !== 0x7f) || (code > 8 && code < 14) ? code : 0;
  if (code > 0x2fff && code < 0xfe00) return code;
  const char = String.fromCharCode(code);
  if (code > 0xff00 && code < 0xff5f)
    return CHINESE_PUNCTUATION.includes(char) ? code : code - 0xfee0;
  if (/[٠-٩۰-۹]/.test(char)) return 0x30 + (code & 15);
  if (/[×хХⅩχΧ]/.test(char)) return 0x58;
  return /[\x80-\x9f\p{Cf}\p{Mn}\p{Me}]/u.test(char) ? 0 : code;
}

function textOfCodes(codes: Uint16Array): string {
  let text = "";
  for (let i = 0; i < codes.length; i += 8192)
    text += String.fromCharCode(...codes.subarray(i, i + 8192));
  return text;
}
