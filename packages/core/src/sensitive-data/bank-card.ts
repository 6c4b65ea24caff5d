import { passesLuhn } from "./check-digit.ts";
import { CHECK_X } from "./digit-cluster.ts";

/** Digits of the shortest and the longest card number. */
export const CARD_DIGITS = { fewest: 14, most: 19 } as const;

/** How sure digits are a bank card: known issuer, its length and the Luhn check digit. 0 when they are none. @see ISO/IEC 7812-1 */
export function bankCardConfidence(digits: ArrayLike<number>, from: number, count: number): number {
  const isCard =
    digits[from + count - 1] !== CHECK_X &&
    isIssued(digits, from, count) &&
    passesLuhn(digits, from, from + count);
  return isCard ? 0.9 : 0;
}

/** Issuer prefixes with the lengths they use. */
function isIssued(digits: ArrayLike<number>, from: number, count: number): boolean {
  const first = digits[from]!;
  if (first < 2 || (first > 6 && first !== 9)) return false;
  const two = first * 10 + digits[from + 1]!;
  const four = (two * 10 + digits[from + 2]!) * 10 + digits[from + 3]!;
  if (two === 62 || two === 60) return count >= 16;
  if (first === 9) return four === 9558 && count > 15;
  if (first === 4) return count === 16 || count === 19;
  if (two === 34 || two === 37) return count === 15;
  if (two === 36 || two === 38 || inRange(four, 3000, 3059)) return count === 14;
  if (count !== 16) return false;
  return (
    (two > 50 && two < 56) || two === 65 || inRange(four, 2221, 2720) || inRange(four, 3528, 3589)
  );
}

function inRange(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}
