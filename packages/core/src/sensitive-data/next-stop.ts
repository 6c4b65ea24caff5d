import { COLON, DIGIT, HAN, LOWER, MARK, OTHER, UPPER, WIDE } from "./character-class.ts";
import { FEWEST_DIGITS, MOST_DIGITS, WIDEST_GAP } from "./digit-cluster.ts";
import type { Lexicon } from "./lexicon.ts";
import { type Reading, widthOf } from "./reading.ts";

const QUOTE = 0x22;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const COLON_BYTE = 0x3a;
/** Fewer are a date if they do not end in a group of four. */
const MORE_THAN_DATE = 11;
/** How many bits the key of a word has. */
const KEY_BITS = 19;

/** A set of words, by a bit for the key of each: it may hold others too, but none of its own is missing. */
export type WordSet = Uint8Array;

export function wordSet(words: Iterable<string>): WordSet {
  const set = new Uint8Array(1 << (KEY_BITS - 3));
  for (const word of words) {
    const letters = Array.from(word, (char) => char.charCodeAt(0));
    const key = wordKey(letters, 0, word.length);
    set[key >>> 3]! |= 1 << (key & 7);
  }
  return set;
}

/** The key of a word by its first two letters, its last two and its length, whatever their case. */
function wordKey(bytes: ArrayLike<number>, start: number, end: number): number {
  const letters =
    (bytes[start]! & 31) |
    ((bytes[start + 1]! & 31) << 5) |
    ((bytes[end - 2]! & 31) << 10) |
    ((bytes[end - 1]! & 31) << 15) |
    ((end - start) << 20);
  return Math.imul(letters, 0x9e3779b1) >>> (32 - KEY_BITS);
}

function isIn(set: WordSet, key: number): boolean {
  return ((set[key >>> 3]! >>> (key & 7)) & 1) !== 0;
}

/**
 * Goes on to where something that is looked for may begin: a word, a digit of a long enough number, an `@` …; returns its
 * UTF-16 offset, or -1 at the end. This is where a scan spends its time: it reads every byte, and allocates nothing.
 */
export function nextStop(reading: Reading, lexicon: Lexicon): number {
  const { ascii, classes, starts, wholes, pairs } = lexicon;
  const { bytes, size } = reading;
  let { at, shift } = reading;
  // The number under way: where it began, how many digits it has so far, and groups after a point.
  let digits = 0;
  let points = 0;
  let begun = 0;
  let begunShift = 0;
  let gap = 0;
  while (at < size) {
    const kind = ascii[bytes[at]!]!;
    if (kind === OTHER) {
      digits = 0;
      at++;
    } else if (kind === LOWER || kind === UPPER) {
      digits = 0;
      const start = at;
      if (kind === UPPER && ascii[bytes[at + 1]!] === UPPER) {
        // The last capital before a small letter begins a word of its own.
        while (ascii[bytes[at + 1]!] === UPPER && ascii[bytes[at + 2]!] !== LOWER) at++;
        at++;
      } else while (ascii[bytes[++at]!] === LOWER);
      const key = wordKey(bytes, start, at);
      if (isIn(starts, key) && at - start > 1 && (bytes[at] !== QUOTE || isIn(wholes, key))) {
        stopAt(reading, at, shift);
        return start - shift;
      }
    } else if (kind === DIGIT) {
      const start = at;
      while (ascii[bytes[++at]!] === DIGIT);
      const run = at - start;
      if (isLetter(ascii[bytes[start - 1]!]!) || isLetterAfter(bytes, at, ascii)) {
        digits = 0;
        if (start >= reading.wordEnd && isLongWord(reading, start, ascii)) {
          if (!isQuotedUuid(bytes, reading.wordEnd)) return stopAt(reading, start, shift);
          at = reading.wordEnd += UUID_REST;
          continue;
        }
        if (run < FEWEST_DIGITS) continue;
      }
      if (digits === 0) {
        begun = start;
        begunShift = shift;
        points = 0;
      }
      digits += run;
      gap = at;
      const isPoint = bytes[start - 1] === POINT;
      if (isPoint) points++;
      if (run > MOST_DIGITS) digits = 0;
      else if (
        digits >= MORE_THAN_DATE ||
        (digits >= FEWEST_DIGITS && run > 2) ||
        (isPoint && (points > 2 || (run > 3 && digits > run)))
      )
        return stopAt(reading, begun, begunShift);
    } else if (kind <= MARK) {
      if (bytes[at] === HYPHEN && bytes[at - 3] === HYPHEN && bytes[at + 3] === HYPHEN)
        return stopAt(reading, at, shift);
      if (digits > 0 && at - gap >= WIDEST_GAP) digits = 0;
      at++;
    } else if (kind === WIDE) {
      // Most are Chinese characters, of three bytes, one after another.
      let byte = bytes[at]!;
      while (byte > 0xdf && byte < 0xf0) {
        const code = ((byte & 15) << 12) | ((bytes[at + 1]! & 63) << 6) | (bytes[at + 2]! & 63);
        const wide = classes[code]!;
        if (wide === OTHER) digits = 0;
        else if (wide === HAN) {
          digits = 0;
          if (pairs[(code * 31 + codeAt(bytes, at + 3)) & 0x3fff] !== 0)
            return stopAt(reading, at, shift);
        } else if (wide > MARK) return stopAt(reading, at, shift);
        else if (at - gap >= WIDEST_GAP) digits = 0;
        at += 3;
        shift += 2;
        byte = bytes[at]!;
      }
      if (byte < 0x80) continue;
      const width = widthOf(byte);
      const other = width > 3 ? OTHER : classes[codeAt(bytes, at)]!;
      if (other > MARK) return stopAt(reading, at, shift);
      if (other === OTHER || at - gap >= WIDEST_GAP) digits = 0;
      at += width;
      shift += width > 3 ? 2 : width - 1;
    } else if (kind !== COLON || isInAddress(bytes, at, ascii)) return stopAt(reading, at, shift);
    else {
      digits = 0;
      at++;
    }
  }
  return -1;
}

function stopAt(reading: Reading, at: number, shift: number): number {
  reading.at = at;
  reading.shift = shift;
  return at - shift;
}

function codeAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!;
  if (byte < 0x80) return byte;
  return byte < 0xe0
    ? ((byte & 31) << 6) | (bytes[at + 1]! & 63)
    : ((byte & 15) << 12) | ((bytes[at + 1]! & 63) << 6) | (bytes[at + 2]! & 63);
}

/** Whether a colon stands as in an address: times have two digits between two colons, and no third. */
function isInAddress(bytes: Uint8Array, at: number, ascii: Uint8Array): boolean {
  if (!isAlnum(ascii[bytes[at - 1]!]!)) return false;
  const near = (distance: number): boolean => bytes[at + distance] === COLON_BYTE;
  return near(1) || near(2) || near(4) || near(5) || (near(3) && near(6));
}

function isLetter(kind: number): boolean {
  return kind === LOWER || kind === UPPER;
}

/** A letter after a digit, but for the check character X that ends a number. */
function isLetterAfter(bytes: Uint8Array, at: number, ascii: Uint8Array): boolean {
  if (!isLetter(ascii[bytes[at]!]!)) return false;
  return (bytes[at]! | 0x20) !== 0x78 || isAlnum(ascii[bytes[at + 1]!]!);
}

function isAlnum(kind: number): boolean {
  return kind === DIGIT || isLetter(kind);
}

/** Whether a digit stands in a word long enough for a number with letters. */
function isLongWord(reading: Reading, digit: number, ascii: Uint8Array): boolean {
  const { bytes } = reading;
  let start = digit;
  let end = digit;
  while (isAlnum(ascii[bytes[start - 1]!]!)) start--;
  while (isAlnum(ascii[bytes[end]!]!)) end++;
  reading.wordEnd = end;
  return end - start >= FEWEST_DIGITS;
}

/** What follows the first eight digits of a UUID: four groups, each after a hyphen. */
const UUID_REST = 28;

/** A UUID in quotes names a record: whose it is, only the name of its field can tell. */
function isQuotedUuid(bytes: Uint8Array, end: number): boolean {
  for (let at = end; at < end + 20; at += 5) if (bytes[at] !== HYPHEN) return false;
  return bytes[end - 9] === QUOTE && bytes[end + UUID_REST] === QUOTE;
}
