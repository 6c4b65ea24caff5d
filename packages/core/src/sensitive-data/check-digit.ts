/** Whether digits pass the Luhn check. @see ISO/IEC 7812-1 annex B */
export function passesLuhn(digits: ArrayLike<number>, from: number, to: number): boolean {
  let sum = 0;
  for (let i = to - 1, doubles = false; i >= from; i--, doubles = !doubles) {
    const digit = doubles ? digits[i]! * 2 : digits[i]!;
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** The sum of characters, each by its place in an alphabet times its weight. */
export function weightedSum(text: string, alphabet: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * alphabet.indexOf(text.charAt(i)), 0);
}
