const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK = "10X98765432";

/** First two digits of the regions that issue ids, and of residence permits for Hongkong, Macao and Taiwan (81 to 83). */
const REGIONS = new Set(
  "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91".split(
    " ",
  ),
);

/**
 * How sure a run of digits is a PRC resident ID: by checksum, date and region (18), or date and region alone (15).
 *
 * @returns 0 when it is none.
 * @see GB 11643
 */
export function residentIdConfidence(digits: string): number {
  if (!REGIONS.has(digits.slice(0, 2))) return 0;
  if (digits.length === 15) return isDate(`19${digits.slice(6, 12)}`) ? 0.7 : 0;
  if (digits.length !== 18 || !isDate(digits.slice(6, 14))) return 0;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return CHECK[sum % 11] === digits[17] ? 0.99 : 0;
}

function isDate(yyyymmdd: string): boolean {
  const year = Number(yyyymmdd.slice(0, 4));
  const month = Number(yyyymmdd.slice(4, 6));
  const day = Number(yyyymmdd.slice(6, 8));
  if (year < 1900 || year > 2099 || month < 1 || month > 12) return false;
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
