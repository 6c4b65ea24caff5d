import { CHECK_X } from "./digit-cluster.ts";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1] as const;
/** How many digits a resident ID has, in its present and its old form. */
export const RESIDENT_ID_LENGTHS = [18, 15] as const;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * How sure digits are a PRC resident ID: by checksum, date and region (18), or date and region alone (15).
 *
 * @returns 0 when they are none.
 * @see GB 11643
 */
export function residentIdConfidence(
  digits: ArrayLike<number>,
  from: number,
  count: number,
): number {
  if (!isIssuer(digits, from)) return 0;
  if (count === 15) return isOldForm(digits, from) ? 0.7 : 0;
  if (count !== 18 || !hasBirthDate(digits, from)) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += WEIGHTS[i]! * digits[from + i]!;
  return sum % 11 === 1 ? 0.99 : 0;
}

/**
 * How sure a number is a resident ID whose last digits were lost: past 2^53 a number in JavaScript is rounded, so
 * that the checksum says nothing.
 */
export function roundedIdConfidence(digits: ArrayLike<number>): number {
  const shaped = digits.length === 18 && isIssuer(digits, 0);
  return shaped && hasBirthDate(digits, 0) ? 0.7 : 0;
}

/**
 * Whether the first digits are a region's: 71 and 91 too, 81 to 83 on residence permits for Hongkong, Macao and Taiwan,
 * and a 9 before the province on the permanent residence cards of foreigners.
 */
function isIssuer(digits: ArrayLike<number>, from: number): boolean {
  const two = pair(digits, from);
  if (two > 80 && two < 84) return true;
  return (
    two === 71 || two === 91 || isProvince(two) || (two > 90 && isProvince(pair(digits, from + 1)))
  );
}

function isProvince(two: number): boolean {
  const inArea = two % 10;
  return two > 10 && (inArea > 0 || two === 50) && inArea <= (PROVINCES[Math.floor(two / 10)] ?? 0);
}
/** How many provinces each area has, by the first digit. */
const PROVINCES = [0, 5, 3, 7, 6, 4, 5] as const;

/** Fifteen digits without a checksum, issued until 1999. */
function isOldForm(digits: ArrayLike<number>, from: number): boolean {
  return digits[from + 14] !== CHECK_X && isDate(1900 + pair(digits, from + 6), digits, from + 8);
}

function hasBirthDate(digits: ArrayLike<number>, from: number): boolean {
  const year = pair(digits, from + 6) * 100 + pair(digits, from + 8);
  return year >= 1900 && year <= 2099 && isDate(year, digits, from + 10);
}

function isDate(year: number, digits: ArrayLike<number>, from: number): boolean {
  const month = pair(digits, from);
  const day = pair(digits, from + 2);
  if (digits[from + 3] === CHECK_X || day < 1 || day > (DAYS[month - 1] ?? 0)) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month !== 2 || day < 29 || leap;
}

function pair(digits: ArrayLike<number>, from: number): number {
  return digits[from]! * 10 + digits[from + 1]!;
}
