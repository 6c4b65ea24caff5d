/** Digits that stand together in a text, read through full-width forms. */
export interface DigitRun {
  /** ASCII digits; the last may be `X`, the check character of a resident ID. */
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds every run of digits that no ASCII letter or digit touches. In linear time: each character is looked at once.
 *
 * @param separators Whether one space or hyphen may stand between two digits, as on a bank card.
 */
export function digitRuns(text: string, separators: boolean): readonly DigitRun[] {
  const runs: DigitRun[] = [];
  let i = 0;
  while (i < text.length) {
    if (digitAt(text, i) === undefined) {
      i = isLetter(text.charCodeAt(i)) ? endOfWord(text, i) : i + 1;
      continue;
    }
    const run = readRun(text, i, separators);
    const touched = isLetter(text.charCodeAt(run.end)) || digitAt(text, run.end) !== undefined;
    if (!touched) runs.push(run);
    i = touched ? endOfWord(text, run.end) : run.end;
  }
  return runs;
}

function readRun(text: string, start: number, separators: boolean): DigitRun {
  let digits = "";
  let end = start;
  for (let i = start; i < text.length;) {
    const digit = digitAt(text, i);
    if (digit !== undefined) {
      digits += digit;
      end = ++i;
    } else if (separators && isSeparator(text.charCodeAt(i)) && digitAt(text, i + 1) !== undefined)
      i++;
    else break;
  }
  const check = digits.length === 17 ? fold(text.charCodeAt(end)) : undefined;
  return check === 0x58 || check === 0x78
    ? { digits: `${digits}X`, start, end: end + 1 }
    : { digits, start, end };
}

function digitAt(text: string, i: number): string | undefined {
  const code = fold(text.charCodeAt(i));
  return code >= 0x30 && code <= 0x39 ? String.fromCharCode(code) : undefined;
}

/** A word that digits are part of (an order number, a hash) is passed over whole. */
function endOfWord(text: string, from: number): number {
  let i = from;
  while (i < text.length && (isLetter(text.charCodeAt(i)) || digitAt(text, i) !== undefined)) i++;
  return i;
}

/** Full-width forms stand for their ASCII counterparts. */
function fold(code: number): number {
  return code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code;
}

function isLetter(code: number): boolean {
  const folded = fold(code) | 0x20;
  return (folded >= 0x61 && folded <= 0x7a) || code === 0x5f;
}

function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x2d || code === 0x3000 || code === 0xa0;
}
