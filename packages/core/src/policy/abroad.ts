/**
 * Whether a place is abroad (境外) in the sense of PIPL-39 and WX-4.4.9a: seen from mainland China, wherever the
 * controller sits. Hong Kong, Macao and Taiwan have codes of their own and count as abroad.
 *
 * @param country ISO 3166-1 alpha-2.
 */
export function isAbroad(country: string): boolean {
  return country !== "CN";
}
