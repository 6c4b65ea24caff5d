import { passesLuhn, weightedSum } from "./check-digit.ts";
import { isAfter } from "./context.ts";
import type { ContentType } from "./finding.ts";

const ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Without I, O, S, V, Z. @see GB 32100 */
const CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_CODE_WEIGHTS = Array.from({ length: 17 }, (_, i) => 3 ** i % 31);
/** The values of the letters from A to Z in a VIN. @see GB 16735, ISO 3779 */
const VIN_VALUES = "0123456789" + "12345678.12345.7.923456789".replace(/\./g, "0");
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const;
/** By letter, 10 to 35, in the order of the alphabet. */
const TW_LETTERS = [
  10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30,
  31, 33,
] as const;

interface Recognised {
  readonly type: ContentType;
  readonly end: number;
  readonly confidence: number;
}

/** What a word of letters and digits is the number of, if anything; some count only after a word that names them. */
export function identify(text: string, start: number, end: number): Recognised | undefined {
  const length = end - start;
  const first = text.charCodeAt(start);
  if ((first < 0x41 || first > 0x5a) && length < 17) return undefined;
  const word = text.slice(start, end);
  const isNamed = (names: RegExp): boolean => isAfter(text, start, names);
  if (/^[A-Z]{1,2}\d{6}[\dA]?$/.test(word)) {
    const hongKong = hongKongIdEnd(word, text, end);
    if (hongKong > end || (hongKong > 0 && isNamed(HONG_KONG)))
      return { type: "hk-id", end: hongKong, confidence: 0.95 };
  }
  const recognised = (type: ContentType, confidence: number): Recognised => ({
    type,
    end,
    confidence,
  });
  if (/^(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})$/.test(word))
    return isNamed(TRAVELLER) ? recognised("passport", 0.9) : undefined;
  if (isTaiwanId(word)) return recognised("tw-id", 0.9);
  if (isForeignPermit(word) && isNamed(RESIDENCE)) return recognised("cn-foreign-permit", 0.9);
  if (isVin(word)) return recognised("vin", 0.9);
  if (isCreditCode(word)) return recognised("unified-social-credit-code", 0.99);
  if (!/^[A-Z]{1,2}\d{6,10}$/.test(word)) return undefined;
  if (isNamed(PASSPORT)) return recognised("passport", 0.9);
  return /^[HMCW]/.test(word) && isNamed(PERMIT) ? recognised("travel-permit", 0.9) : undefined;
}
const RESIDENCE = /(?:居留|永居|外国人|证件|residen|permit)[^\n。；;]{0,16}$/i;
/** A number of a passport has no check digit: order numbers look like it. */
const TRAVELLER =
  /(?:护照|passport|证件|签证|visa|出境|旅客|乘[客机]|travell?er|passenger)[^\n。；;]{0,24}$/i;
const PASSPORT = /(?:护照|huzhao|passport)[^\n。；;]{0,12}$/i;
const HONG_KONG = /(?:香港|HKID|身[份分][证證]|identity card)[^\n。；;]{0,24}$/i;
export const PERMIT: RegExp = /(?:通行证|台胞证|回乡证|permit)[^\n。；;]{0,12}$/i;

/** @see GB 32100 */
export function isCreditCode(word: string): boolean {
  return (
    /^(?:1[1239]|2[19]|3[1-59]|4[19]|5[1239]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1239]|Y1)(?:1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}[\dA-HJ-NPQRTUWXY]{10}$/.test(
      word,
    ) &&
    (31 - (weightedSum(word, CREDIT_CODE_ALPHABET, CREDIT_CODE_WEIGHTS) % 31)) % 31 ===
      CREDIT_CODE_ALPHABET.indexOf(word.charAt(17))
  );
}

function isVin(word: string): boolean {
  if (!/^[\dA-HJ-NPR-Z]{8}[\dX][\dA-HJ-NPR-Z]{4}[\dA-HJ-NPR-Z]{4}$/.test(word)) return false;
  if (!/[A-Z].*[A-Z]/.test(word)) return false;
  const values = word.replace(/[A-Z]/g, (letter) => VIN_VALUES.charAt(ALNUM.indexOf(letter)));
  return weightedSum(values, ALNUM, VIN_WEIGHTS) % 11 === "0123456789X".indexOf(word.charAt(8));
}

/** Also the residence certificates, whose second character is 8, 9 or was a letter. */
function isTaiwanId(word: string): boolean {
  if (word.length !== 10 || !/^[A-Z][1289A-D]\d{8}$/.test(word)) return false;
  const first = TW_LETTERS[word.charCodeAt(0) - 65]!;
  const second = /\d/.test(word.charAt(1))
    ? word.charAt(1)
    : String(TW_LETTERS[word.charCodeAt(1) - 65]! % 10);
  const digits = String(first) + second + word.slice(2);
  return weightedSum(digits, ALNUM, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0;
}

/** Country, four digits of the issuing region, birth date, serial and check digit: issued to foreigners until 2023. */
function isForeignPermit(word: string): boolean {
  return /^[A-Z]{3}[1-6][1-7]\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d\d$/.test(word);
}

/** Where an identity card number of Hong Kong ends: its check character mostly stands in brackets. 0 when it is none. */
function hongKongIdEnd(word: string, text: string, end: number): number {
  const [, letters, digits, joined] = /^([A-Z]{1,2})(\d{6})([\dA]?)$/.exec(word)!;
  const bracketed = /^\s?[(（]([\dA])[)）]/.exec(text.slice(end, end + 4));
  const check = bracketed?.[1] ?? joined!;
  if (check === "" || (bracketed !== null && joined !== "")) return 0;
  const values = `${letters!.padStart(2, "_")}${digits!}${check}`;
  const sum = weightedSum(values, `${ALNUM}_`, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
  return sum % 11 === 0 ? end + (bracketed?.[0].length ?? 0) : 0;
}

/** The reporting body of an IMEI, and its check digit. @see 3GPP TS 23.003 §6.2 */
export function isImei(digits: ArrayLike<number>, from: number): boolean {
  const body = digits[from]! * 10 + digits[from + 1]!;
  return (
    (body === 1 || body === 35 || body === 86 || body === 99) && passesLuhn(digits, from, from + 15)
  );
}
