/** Stands for the check character X of a resident ID; it can only be the last digit of a cluster. */
export const CHECK_X = 10;

/** How a digit follows the one before it. */
export const CLOSE = 1;
export const SPACING = 2;
export const MARK = 3;

/** Digits of a text with nothing between them but what people write into long numbers: those from `first` to `end`. */
export interface DigitCluster {
  readonly first: number;
  readonly end: number;
  readonly digits: Uint8Array;
  /** Where each digit stands. */
  readonly at: Uint32Array;
  /** `CLOSE`, `SPACING` or `MARK`; `MARK` for the first. */
  readonly joints: Uint8Array;
}

/** No number that is looked for has fewer digits. */
export const FEWEST_DIGITS = 15;
/** … or more. */
export const MOST_DIGITS = 19;

/**
 * Finds where at least fifteen digits stand together, with at most six characters between two of them: spacing, marks,
 * or what shows nothing (zero-width characters, controls, selectors).
 *
 * Whatever is found is at least fifteen characters long, so that looking at every fifteenth is enough. Linear: a
 * character is looked at again only when it belongs to such a place, and then once.
 */
export function digitClusters(text: string): readonly DigitCluster[] {
  const clusters: DigitCluster[] = [];
  let done = 0;
  for (let i = FEWEST_DIGITS - 1; i < text.length; i += FEWEST_DIGITS) {
    if (i < done || !belongs(text.charCodeAt(i))) continue;
    let start = i;
    while (start > done && belongs(text.charCodeAt(start - 1))) start--;
    done = i + 1;
    while (done < text.length && belongs(text.charCodeAt(done))) done++;
    if (done - start >= FEWEST_DIGITS && !isOneLongNumber(text, start, done))
      readClusters(text, start, done, clusters);
  }
  return clusters;
}

/** No number that is looked for has more digits in one group. */
function isOneLongNumber(text: string, start: number, end: number): boolean {
  if (end - start <= MOST_DIGITS) return false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** Whether a character is a digit or may stand between two. */
function belongs(code: number): boolean {
  if (code < 0x80)
    return (code > 0x2c && code < 0x3a) || code < 0x21 || code === 0x5f || code === 0x7f;
  if (code > 0x2fff && code < 0xfe00) return code === 0x3000 || code === 0x30fb;
  if (isInvisible(code)) return true;
  return /[０-９٠-٩۰-۹\s\p{Cf}\p{Mn}\p{Me}\p{Pd}·−．／＿\x80-\x9f]/u.test(
    String.fromCharCode(code),
  );
}

/** The characters that mostly serve to hide something in a number, ahead of slower ways to tell. */
function isInvisible(code: number): boolean {
  return (code > 0x200a && code < 0x2010) || (code > 0x205f && code < 0x2070) || code === 0xfeff;
}

const WIDEST_GAP = 6;

function readClusters(text: string, start: number, end: number, clusters: DigitCluster[]): void {
  const size = end - start + 1;
  const digits = new Uint8Array(size);
  const at = new Uint32Array(size);
  const joints = new Uint8Array(size);
  let first = 0;
  let length = 0;
  let joint = MARK;
  const close = (): void => {
    if (length - first >= FEWEST_DIGITS) clusters.push({ first, end: length, digits, at, joints });
  };
  // One further: the check character of a resident ID may follow.
  for (let i = start; i <= end; i++) {
    const digit = digitOf(text, i);
    if (digit === undefined) {
      if (joint !== MARK) joint = jointOf(text.charCodeAt(i)) ?? joint;
      continue;
    }
    if (length > first && i - at[length - 1]! > WIDEST_GAP + 1) {
      close();
      first = length;
      joint = MARK;
    }
    digits[length] = digit;
    at[length] = i;
    joints[length++] = joint;
    joint = CLOSE;
  }
  close();
}

/** The value of a digit, also full-width or Arabic-Indic; of an X that ends a number, or what looks like it, ten. */
function digitOf(text: string, i: number): number | undefined {
  const code = text.charCodeAt(i);
  if (code < 0x3a) return code < 0x30 ? undefined : code - 0x30;
  if (isInvisible(code)) return undefined;
  const char = text.charAt(i);
  if (/[０-９٠-٩۰-۹]/.test(char)) return code & 15;
  return /[xX×ｘＸхХ]/.test(char) && digitOf(text, i + 1) === undefined ? CHECK_X : undefined;
}

function jointOf(code: number): number | undefined {
  if (code === 0x20 || code === 0x2d) return SPACING;
  if (isInvisible(code)) return undefined;
  const char = String.fromCharCode(code);
  if (/[\n\r./_·・．／＿]/.test(char)) return MARK;
  return /[\s\p{Pd}−]/u.test(char) ? SPACING : undefined;
}
