import { CHECK_X } from "./digit-cluster.ts";

/** How sure digits are a bank card: known issuer, its length and the Luhn check digit. 0 when they are none. @see ISO/IEC 7812-1 */
export function bankCardConfidence(digits: ArrayLike<number>, from: number, count: number): number {
  return isIssued(digits, from, count) && passesLuhn(digits, from, count) ? 0.9 : 0;
}

/** Whether a card can start with that digit. */
export function isCardStart(digit: number): boolean {
  return digit > 1 && digit < 7;
}

/** Issuer prefixes with the lengths they use. */
function isIssued(digits: ArrayLike<number>, from: number, count: number): boolean {
  const first = digits[from]!;
  const two = first * 10 + digits[from + 1]!;
  const four = (two * 10 + digits[from + 2]!) * 10 + digits[from + 3]!;
  if (two === 62) return count >= 16 && count <= 19;
  if (first === 4) return count === 16 || count === 19;
  if (two === 34 || two === 37) return count === 15;
  if (count !== 16) return false;
  return (two >= 51 && two <= 55) || inRange(four, 2221, 2720) || inRange(four, 3528, 3589);
}

function inRange(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function passesLuhn(digits: ArrayLike<number>, from: number, count: number): boolean {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const digit = digits[from + count - 1 - i]!;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && digits[from + count - 1] !== CHECK_X;
}
