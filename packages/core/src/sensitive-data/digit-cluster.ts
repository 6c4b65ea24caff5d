import { DIGIT, MARK, SPACING } from "./character-class.ts";

/** Stands for the check character X of a resident ID; it can only be the last digit of a cluster. */
export const CHECK_X = 10;

/** A joint is how a digit follows the one before it: directly, or through `SPACING` or a `MARK`; the first has `NONE`. */
export const CLOSE = 0;
export const NONE = 99;

/** Fewer digits are no number that is looked for; nor are more in one group. */
export const FEWEST_DIGITS = 7;
export const MOST_DIGITS = 19;

/** More characters between two digits part two numbers. */
export const WIDEST_GAP = 6;

/** Digits of a text with nothing between them but what people write into long numbers. */
export interface DigitCluster {
  length: number;
  digits: Uint8Array;
  /** Where each digit stands. */
  at: Uint32Array;
  joints: Uint8Array;
}

export function emptyCluster(): DigitCluster {
  const size = 64;
  return {
    length: 0,
    digits: new Uint8Array(size),
    at: new Uint32Array(size),
    joints: new Uint8Array(size),
  };
}

/** Fills a cluster with the one that begins with the digit at an offset; returns where that ends. */
export function readCluster(
  cluster: DigitCluster,
  text: string,
  start: number,
  classes: Uint8Array,
): number {
  let i = start;
  let joint = NONE;
  cluster.length = 0;
  for (;;) {
    do {
      add(cluster, text.charCodeAt(i) - 0x30, i, joint);
      joint = CLOSE;
    } while (classes[text.charCodeAt(++i)] === DIGIT);
    const end = i;
    let kind = classes[text.charCodeAt(i)];
    while ((kind === SPACING || kind === MARK) && i - end < WIDEST_GAP) {
      if (joint !== MARK) joint = kind;
      kind = classes[text.charCodeAt(++i)];
    }
    if (kind === DIGIT) continue;
    if ((text.charCodeAt(i) | 0x20) === 0x78 && classes[text.charCodeAt(i + 1)] !== DIGIT)
      add(cluster, CHECK_X, i, joint);
    return end;
  }
}

function add(cluster: DigitCluster, digit: number, at: number, joint: number): void {
  const { length } = cluster;
  if (length === cluster.digits.length) {
    cluster.digits = twice(cluster.digits, new Uint8Array(length * 2));
    cluster.at = twice(cluster.at, new Uint32Array(length * 2));
    cluster.joints = twice(cluster.joints, new Uint8Array(length * 2));
  }
  cluster.digits[length] = digit;
  cluster.at[length] = at;
  cluster.joints[length] = joint;
  cluster.length++;
}

function twice<Part extends Uint8Array | Uint32Array>(part: Part, larger: Part): Part {
  larger.set(part);
  return larger;
}

/** Whether a group ends before that digit. */
export function endsAt({ length, joints }: DigitCluster, end: number): boolean {
  return end === length || (end < length && joints[end] !== CLOSE);
}

/** The lengths of the groups that digits are written in. */
export function groupsIn({ joints }: DigitCluster, from: number, to: number): readonly number[] {
  const lengths = [1];
  for (let i = from + 1; i < to; i++)
    if (joints[i] === CLOSE) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  return lengths;
}
