import { shownCodes } from "./plain-text.ts";

/** What a character may be the beginning of. Digits may be parted by what stands between `SPACING` and `MARK`. */
export const OTHER = 0;
export const SPACING = 1;
export const MARK = 2;
export const LOWER = 3;
export const UPPER = 4;
export const DIGIT = 5;
/** A Chinese character that begins a word we know. */
export const HAN = 6;
export const COLON = 7;
export const AT = 8;
const PERCENT = 9;
/** 岁, after somebody's age. */
export const AGE = 10;
/** Not read as it stands. */
export const HIDDEN = 11;
/** The first byte of a character that is not ASCII. */
export const WIDE = 12;

/** The class of every UTF-16 code unit, for words that begin with these Chinese characters. Built once. */
export function characterClasses(han: Iterable<string>): Uint8Array {
  const classes = new Uint8Array(0x10000);
  const all = (chars: string, kind: number): void => {
    for (const char of chars) classes[char.charCodeAt(0)] = kind;
  };
  shownCodes().forEach((shown, code) => {
    if (shown !== code) classes[code] = HIDDEN;
  });
  for (let i = 0; i < 26; i++) {
    classes[0x61 + i] = LOWER;
    classes[0x41 + i] = UPPER;
    if (i < 10) classes[0x30 + i] = DIGIT;
  }
  all(" \t\u00a0\u2000\u2001\u2002\u2003\u2007\u2009\u200a\u202f\u3000-‐‑‒–—―−()（）", SPACING);
  all("\n\r./_·・", MARK);
  for (const char of han) classes[char.charCodeAt(0)] = HAN;
  all("岁", AGE);
  all(":：", COLON);
  all("@", AT);
  all("%", PERCENT);
  all("\0\\", HIDDEN);
  return classes;
}
